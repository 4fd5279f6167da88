// Which guidance a request gets: none, the sandwich, or what the model deliberated for it; and where the request carries a prompt
// attack, marks around the user's turn. Law: an error on the way is the plain sandwich; the version says what happened.
import type { UsageMeter } from "../../access/usage-meter.ts";
import type { GuardrailSet } from "../../guardrail/run-guardrails.ts";
import { drawToken } from "../../guardrail/judges/draw-token.ts";
import { flaggedFindings } from "../../guardrail/flagged-categories.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import type { RandomBytes } from "../../lib/ids.ts";
import { type Language, languageOf } from "../../lib/language.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import { withDefaultName } from "../../model/with-default-name.ts";
import type { Policy } from "../../policy/policy.ts";
import type { ChatRequest } from "../../wire/chat-completion.ts";
import { contentText } from "../../wire/content-text.ts";
import type { Caller } from "../capture-choice.ts";
import { conversationTexts } from "../exchange-of.ts";
import { spend } from "../usage.ts";
import { type Guide, type GuidedRequest, lastUserTurn, surroundLastTurn, unguided } from "./apply-guidance.ts";
import { deliberate } from "./deliberate.ts";
import { DELIBERATION_PROMPTS } from "./deliberation-prompts.ts";
import type { GuidanceText } from "./guidance-texts.ts";
import { SPOTLIGHT_TEXTS } from "./spotlight-texts.ts";

export interface GuidanceDependencies {
  readonly policy: Policy;
  /** the guidance that costs no call */
  readonly guide: Guide;
  readonly model: ChatModel;
  readonly guardrails: GuardrailSet;
  readonly meter: UsageMeter;
  readonly randomBytes: RandomBytes;
}

/** What the cheap tiers say of an input: a flag that did not block it, or a score that is high. */
export function isRisky({ deliberate: { risky_from: riskyFrom } }: Policy, verdicts: readonly Verdict[]): boolean {
  return (
    flaggedFindings(verdicts).length > 0 ||
    verdicts.some(({ side, score }) => side === "input" && score !== null && score >= riskyFrom)
  );
}

/** @param verdicts of the cheap tiers, on the input */
export async function guideRequest(
  dependencies: GuidanceDependencies,
  request: ChatRequest,
  caller: Caller,
  verdicts: readonly Verdict[],
  signal: AbortSignal,
): Promise<GuidedRequest> {
  const { policy, guide, randomBytes } = dependencies;
  if (policy.guidance === "off") return unguided(request);
  const plain = guide(request);
  if (plain.guidance === null) return plain;
  const language = languageOf(contentText(lastUserTurn(request)?.content));
  let guidance = plain.guidance;
  if (policy.guidance === "deliberate" && isRisky(policy, verdicts)) {
    guidance = await deliberated(dependencies, request, caller, guidance, language, signal);
  }
  if (flaggedFindings(verdicts).some(({ category }) => category === "prompt_attack")) {
    guidance = spotlit(guidance, request, language, randomBytes);
  }
  return guidance === plain.guidance ? plain : surroundLastTurn(request, guidance);
}

async function deliberated(
  { policy, model, guardrails, meter, randomBytes }: GuidanceDependencies,
  request: ChatRequest,
  caller: Caller,
  { version, before, after }: GuidanceText,
  language: Language,
  signal: AbortSignal,
): Promise<GuidanceText> {
  const prompt = DELIBERATION_PROMPTS[language];
  const deliberation = await deliberate(
    request,
    prompt,
    {
      model: withDefaultName(model, request.model),
      guardrails,
      timeoutMilliseconds: policy.deliberate.timeout_milliseconds,
      randomBytes,
      spend: (usage) => {
        spend(meter, caller, "guidance", usage);
      },
    },
    signal,
  );
  if (deliberation.outcome !== "guidance") {
    return { version: `${version}+${prompt.version}:${deliberation.outcome}`, before, after };
  }
  const derived = `${prompt.lead} ${deliberation.guidance}`;
  return { version: `${version}+${prompt.version}`, before, after: `${after}\n\n${derived}` };
}

function spotlit(
  { version, before, after }: GuidanceText,
  { messages }: ChatRequest,
  language: Language,
  randomBytes: RandomBytes,
): GuidanceText {
  const texts = SPOTLIGHT_TEXTS[language];
  const conversation = conversationTexts(messages);
  const mark = drawToken(
    conversation.map(({ text }) => text),
    randomBytes,
  );
  const holds = conversation.some(({ role }) => role === "system")
    ? texts.holds.systemPrompt
    : texts.holds.firstRequest;
  return {
    version: `${version}+${texts.version}`,
    before: `${[before, texts.marked(mark), holds, texts.data].join(" ")}\n\n${mark}`,
    after: `${mark}\n\n${after}`,
  };
}
