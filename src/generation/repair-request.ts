// The request that asks for an answer once more (action `repair`): guidance as ever, and the reason why the first one was withheld.
// Law: one choice; what the client saw already stands there as the model's own turn and is not asked for again.
import type { Verdict } from "../guardrail/verdict.ts";
import { flaggedFindings } from "../guardrail/flagged-categories.ts";
import { languageOf } from "../lib/language.ts";
import type { ChatRequest } from "../wire/chat-completion.ts";
import { contentText } from "../wire/content-text.ts";
import type { GuidedRequest } from "./guidance/apply-guidance.ts";
import { REPAIR_TEXTS } from "./guidance/repair-texts.ts";

export interface RepairRequest {
  readonly request: ChatRequest;
  readonly guidanceVersion: string;
  /** instructions of ours that the answer must not repeat */
  readonly guidance: readonly string[];
}

const MOST_REASONS = 5;

/** @param released what of the answer the client has already */
export function repairRequest(
  guided: GuidedRequest,
  original: ChatRequest,
  verdicts: readonly Verdict[],
  released: string,
): RepairRequest {
  const lastUserTurn = original.messages.findLast(({ role }) => role === "user");
  const texts = REPAIR_TEXTS[languageOf(contentText(lastUserTurn?.content))];
  const reasons = [...new Set(flaggedFindings(verdicts).map(({ message }) => message))]
    .slice(0, MOST_REASONS)
    .join(" ");
  const instruction = released === "" ? texts.again(reasons) : texts.goOn(reasons);
  const said = released === "" ? [] : [{ role: "assistant" as const, content: released }];
  const { n: _n, ...rest } = guided.request;
  return {
    request: { ...rest, messages: [...rest.messages, ...said, { role: "user", content: instruction }] },
    guidanceVersion: [guided.guidance?.version, texts.version].filter((version) => version !== undefined).join("+"),
    guidance: [...(guided.guidance === null ? [] : [guided.guidance.before, guided.guidance.after]), instruction],
  };
}
