// Deliberate guidance: the model analyses the request and writes guidance for it, in a fresh context, before it answers
// (arXiv 2405.00557). Law: the request is quoted between delimiters that it does not contain; guidance that a guardrail flags is not
// used; whatever goes wrong here is an outcome of its own, never a lost answer.
import type { TokenUsage } from "../../guardrail/guardrail.ts";
import { runFastGuardrail, type GuardrailSet } from "../../guardrail/run-guardrails.ts";
import { endOf, type Piece, turnsOf } from "../../guardrail/judges/quoted-turns.ts";
import { withoutSpecialTokens } from "../../guardrail/judges/special-tokens.ts";
import { drawToken } from "../../guardrail/judges/draw-token.ts";
import type { Side } from "../../guardrail/verdict.ts";
import type { RandomBytes } from "../../lib/ids.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import type { ChatRequest } from "../../wire/chat-completion.ts";
import { ownCallTokens } from "../../wire/completion-tokens.ts";
import { conversationTexts } from "../exchange-of.ts";
import type { DeliberationPrompt } from "./deliberation-prompts.ts";
import { readDeliberation } from "./read-deliberation.ts";

/** The end of the conversation, about 1,500 tokens of English. */
const MOST_QUOTED_CHARACTERS = 6_000;
/** Some sentences of analysis and four of guidance. */
const MOST_DELIBERATION_TOKENS = 400;

export interface Deliberating {
  readonly model: ChatModel;
  readonly guardrails: GuardrailSet;
  readonly timeoutMilliseconds: number;
  readonly randomBytes: RandomBytes;
  readonly spend: (usage: TokenUsage) => void;
}

export type Deliberation =
  | { readonly outcome: "guidance"; readonly guidance: string }
  /** not answered in time; answered without guidance; guidance that a guardrail flags or could not read */
  | { readonly outcome: "failed" | "empty" | "unsafe" };

export function deliberationRequest(
  { messages }: ChatRequest,
  prompt: DeliberationPrompt,
  randomBytes: RandomBytes,
): ChatRequest {
  const { turns, isCut }: Piece = endOf(turnsOf(conversationTexts(messages)), MOST_QUOTED_CHARACTERS);
  const token = drawToken(
    turns.map(({ text }) => text),
    randomBytes,
  );
  const quoted = turns.map(({ role, text }, place) => {
    const cut = isCut && place === 0 ? `${prompt.cut} ` : "";
    return `=== ${token} ${role}\n${cut}${withoutSpecialTokens(text)}`;
  });
  const content = [
    prompt.task.replace("TOKEN", token),
    "",
    ...quoted,
    `=== ${token} ${prompt.end}`,
    "",
    prompt.question,
  ].join("\n");
  return { messages: [{ role: "user", content }], temperature: 0, max_tokens: MOST_DELIBERATION_TOKENS };
}

/** By the fast guardrails, as what it becomes (a part of the user's turn) and as what it is (words of the model). */
function isSafe(guidance: string, { messages }: ChatRequest, { fast }: GuardrailSet): boolean {
  const conversation = conversationTexts(messages).filter(({ role }) => role === "system");
  const said = { text: guidance, location: "guidance" };
  const asInput = { conversation: [{ ...said, role: "user" as const }], answer: [], guidance: [] };
  const asAnswer = { conversation, answer: [{ ...said, role: "assistant" as const }], guidance: [] };
  const lets = (side: Side, exchange: typeof asInput | typeof asAnswer): boolean =>
    fast
      .filter(({ sides }) => sides.includes(side))
      .map((guardrail) => runFastGuardrail(guardrail, exchange, side))
      .every(({ status }) => status === "pass" || status === "skipped");
  return lets("input", asInput) && lets("output", asAnswer);
}

export async function deliberate(
  request: ChatRequest,
  prompt: DeliberationPrompt,
  { model, guardrails, timeoutMilliseconds, randomBytes, spend }: Deliberating,
  signal: AbortSignal,
): Promise<Deliberation> {
  const asked = deliberationRequest(request, prompt, randomBytes);
  let completed: Awaited<ReturnType<ChatModel["complete"]>>;
  try {
    completed = await model.complete(asked, AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]));
  } catch {
    // Where the client or a judge stopped it, asking for the answer with the same signal ends it.
    return { outcome: "failed" };
  }
  if (!completed.ok) return { outcome: "failed" };
  spend({ model: completed.value.model, ...ownCallTokens(asked, completed.value) });
  const guidance = readDeliberation(completed.value.choices[0]?.message.content ?? "", prompt);
  if (guidance === "") return { outcome: "empty" };
  return isSafe(guidance, request, guardrails) ? { outcome: "guidance", guidance } : { outcome: "unsafe" };
}
