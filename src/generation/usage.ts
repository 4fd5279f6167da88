// What calls of the model cost, and what came of them. Law: every call is spent; every choice has one outcome.
import type { Outcome, UsagePurpose } from "../access/usage.ts";
import type { UsageMeter } from "../access/usage-meter.ts";
import type { TokenUsage } from "../guardrail/guardrail.ts";
import type { Action } from "../policy/policy.ts";
import type { ChatCompletion, ChatRequest, CompletionMessage } from "../wire/chat-completion.ts";
import { type CompletionTokens, completionTokens } from "../wire/completion-tokens.ts";
import type { Caller } from "./capture-choice.ts";
import { answerTexts, conversationTexts } from "./exchange-of.ts";

export function promptTexts({ messages }: ChatRequest): readonly string[] {
  return conversationTexts(messages).map(({ text }) => text);
}

export function tokensOf(
  usage: ChatCompletion["usage"],
  request: ChatRequest,
  answers: () => readonly CompletionMessage[],
): CompletionTokens {
  return completionTokens(usage, {
    prompt: () => promptTexts(request),
    completion: () => answers().flatMap((answer) => answerTexts(answer).map(({ text }) => text)),
  });
}

export function spend(meter: UsageMeter, { projectId, keyId }: Caller, purpose: UsagePurpose, usage: TokenUsage): void {
  meter.record({ projectId, keyId, purpose, ...usage });
}

export function spendCompletion(
  meter: UsageMeter,
  caller: Caller,
  purpose: UsagePurpose,
  request: ChatRequest,
  { model, usage, choices }: ChatCompletion,
): void {
  const answers = (): CompletionMessage[] => choices.map(({ message }) => message);
  spend(meter, caller, purpose, { model, ...tokensOf(usage, request, answers) });
}

const OUTCOMES: Readonly<Record<Action, Outcome | null>> = {
  allow: null,
  annotate: "answer_annotated",
  redact: "answer_redacted",
  repair: "answer_repaired",
  block: "answer_blocked",
};

/** What became of one choice in the end. */
export function countAction(meter: UsageMeter, { projectId, keyId }: Caller, action: Action): void {
  const outcome = OUTCOMES[action];
  if (outcome !== null) meter.count({ projectId, keyId, outcome });
}

/** The sum of every count that both have; other fields are the first one's. */
export function addUsage(first: ChatCompletion["usage"], second: ChatCompletion["usage"]): ChatCompletion["usage"] {
  if (first === null || first === undefined) return second;
  if (second === null || second === undefined) return first;
  const sums: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const known = sums[key];
    if (typeof value === "number" && typeof known === "number") sums[key] = known + value;
  }
  return sums;
}
