// What calls of the model cost, in tokens. Law: what the upstream counted counts; where it counted nothing, four characters are
// taken for a token, and a count is never left out.
import { z } from "zod";
import type { Outcome, UsagePurpose } from "../access/usage.ts";
import type { UsageMeter } from "../access/usage-meter.ts";
import type { TokenUsage } from "../guardrail/guardrail.ts";
import type { Action } from "../policy/policy.ts";
import type { ChatCompletion, ChatRequest, CompletionMessage } from "../wire/chat-completion.ts";
import type { Caller } from "./capture-choice.ts";
import { answerTexts, conversationTexts } from "./exchange-of.ts";

/** OpenAI's rule of thumb for English (help.openai.com «What are tokens and how to count them»). */
const CHARACTERS_A_TOKEN = 4;

const countsSchema = z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) });

export function estimatedTokens(texts: readonly { readonly text: string }[]): number {
  return Math.ceil(texts.reduce((sum, { text }) => sum + text.length, 0) / CHARACTERS_A_TOKEN);
}

export function tokensOf(
  usage: ChatCompletion["usage"],
  request: ChatRequest,
  /** asked for only where nothing was counted */
  answers: () => readonly CompletionMessage[],
): { readonly promptTokens: number; readonly completionTokens: number } {
  const counted = countsSchema.safeParse(usage);
  if (counted.success) {
    return { promptTokens: counted.data.prompt_tokens, completionTokens: counted.data.completion_tokens };
  }
  return {
    promptTokens: estimatedTokens(conversationTexts(request.messages)),
    completionTokens: estimatedTokens(answers().flatMap(answerTexts)),
  };
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
