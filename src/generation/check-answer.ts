// Checks one choice of the answer and, where the policy redacts, cuts until nothing is left to cut.
// Law: what leaves has been checked in the very form in which it leaves; what can't be made clean is blocked.
import { decide } from "../guardrail/decide.ts";
import type { ExchangeText, ExpectedAnswer } from "../guardrail/exchange.ts";
import { type Cascade, runCascade } from "../guardrail/run-cascade.ts";
import { unscannableVerdict } from "../guardrail/unscannable-verdict.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { Action } from "../policy/policy.ts";
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import { exchangeOf } from "./exchange-of.ts";
import { unscannableAnswerParts } from "../wire/unscannable-parts.ts";
import { redactAnswer } from "./redact-answer.ts";

/** A guardrail may report one place of several, and a cut may bring two halves together: so more than one pass. */
const MOST_PASSES = 5;

export interface AnswerCheck extends Cascade {
  readonly messages: readonly ChatMessage[];
  /** the guidance texts that the answer must not repeat */
  readonly guidance: readonly string[];
  readonly expected: ExpectedAnswer;
  /** texts of the answer outside its message: read with it, and never cut */
  readonly beside: readonly ExchangeText[];
}

export type CheckedAnswer =
  | {
      readonly action: Action;
      /** of the answer as the model gave it */
      readonly verdicts: readonly Verdict[];
      /** the answer as it may leave, for every action but `block` and `repair` */
      readonly message: CompletionMessage;
    }
  | { readonly action: "unavailable"; readonly guardrail: string; readonly verdicts: readonly Verdict[] };

/** What every guardrail says of an answer, and of media in it that none can read. */
export async function answerVerdicts(
  { messages, guidance, expected, beside, ...cascade }: AnswerCheck,
  message: CompletionMessage,
): Promise<readonly Verdict[]> {
  const exchange = exchangeOf(messages, message, guidance);
  const whole = { ...exchange, expected, answer: [...exchange.answer, ...beside] };
  const verdicts = await runCascade(cascade, whole, "output");
  const unread = unscannableVerdict(unscannableAnswerParts(message), "output");
  return unread === null ? verdicts : [...verdicts, unread];
}

export async function checkAnswer(check: AnswerCheck, answer: CompletionMessage): Promise<CheckedAnswer> {
  const { guardrails, policy } = check;
  let first: readonly Verdict[] | null = null;
  let message = answer;
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    const verdicts = await answerVerdicts(check, message);
    const decision = decide(policy, verdicts, guardrails);
    first ??= verdicts;
    if (decision.action === "unavailable") return { ...decision, verdicts };
    if (decision.action === "repair" && pass === 1) return { action: "repair", verdicts: first, message };
    if (decision.action === "block" || decision.action === "repair") break;
    if (decision.action !== "redact") {
      return { action: pass === 1 ? decision.action : "redact", verdicts: first, message };
    }
    message = redactAnswer(message, verdicts, policy);
  }
  return { action: "block", verdicts: first ?? [], message: answer };
}
