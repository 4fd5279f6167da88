// What would change under another policy: an exchange is checked under both. Law: nothing is stored, nobody's answer is asked for,
// and judges are asked only if the caller says so.
import { decide, type Decision } from "../guardrail/decide.ts";
import type { CompiledPolicy } from "../guardrail/compiled-policy.ts";
import { type JudgedCall, runCascade } from "../guardrail/run-cascade.ts";
import type { GuardrailSet } from "../guardrail/run-guardrails.ts";
import { scannedExchange } from "../guardrail/scanned-exchange.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import { exchangeOf } from "./exchange-of.ts";
import type { Guide } from "./guidance/apply-guidance.ts";

export interface ComparedExchange {
  readonly messages: readonly ChatMessage[];
  /** null: only the input is checked */
  readonly answer: CompletionMessage | null;
}

/** What one policy makes of one exchange. */
export interface Outcome {
  readonly input: Decision["action"];
  /** null where there is no answer */
  readonly output: Decision["action"] | null;
  readonly verdicts: readonly Verdict[];
}

export interface Comparison {
  readonly before: Outcome;
  readonly after: Outcome;
  readonly changes: boolean;
}

export interface Checking {
  /** for each policy, with what it allows in this exchange */
  readonly allowing: (compiled: CompiledPolicy, exchange: ComparedExchange) => Promise<CompiledPolicy>;
  readonly guide: Guide;
  readonly call: JudgedCall;
  /** false: fast guardrails alone */
  readonly asksJudges: boolean;
}

/** What one policy makes of one exchange: also of a corrected answer, and of a line of a log. */
export async function outcomeOf(
  compiled: CompiledPolicy,
  compared: ComparedExchange,
  checking: Checking,
): Promise<Outcome> {
  const { policy, guardrails } = await checking.allowing(compiled, compared);
  const { call, asksJudges } = checking;
  const set: GuardrailSet = { fast: guardrails.fast, slow: asksJudges ? guardrails.slow : [] };
  const { messages, answer } = compared;
  const { guidance } = policy.guidance === "off" ? { guidance: null } : checking.guide({ messages: [...messages] });
  const exchange = exchangeOf(messages, answer, guidance === null ? [] : [guidance.before, guidance.after]);
  const check = async (side: "input" | "output"): Promise<readonly Verdict[]> => {
    const seen = side === "input" ? scannedExchange({ ...exchange, answer: [] }, policy) : exchange;
    // Drawn so that every judge that may be sampled is asked.
    return await runCascade({ guardrails: set, policy, call, draw: 0 }, seen, side);
  };
  const input = await check("input");
  const output = answer === null ? null : await check("output");
  return {
    input: decide(policy, input, set).action,
    output: output === null ? null : decide(policy, output, set).action,
    verdicts: [...input, ...(output ?? [])],
  };
}

export async function comparePolicies(
  before: CompiledPolicy,
  after: CompiledPolicy,
  compared: ComparedExchange,
  checking: Checking,
): Promise<Comparison> {
  const [old, now] = [await outcomeOf(before, compared, checking), await outcomeOf(after, compared, checking)];
  return { before: old, after: now, changes: old.input !== now.input || old.output !== now.output };
}
