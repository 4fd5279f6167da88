// The cascade over one side of an exchange: rules and edge classifier, then the judges that are asked. Law: one verdict for every
// guardrail of that side; each judge has its own deadline, and all of one request a common budget.
import { judgeOf } from "../policy/judge-policy.ts";
import type { Policy } from "../policy/policy.ts";
import { decide, letsPass } from "./decide.ts";
import { escalation, standingUnder } from "./escalation.ts";
import type { Exchange } from "./exchange.ts";
import type { GuardrailCall, SlowGuardrail } from "./guardrail.ts";
import type { JudgeBudget } from "./judge-budget.ts";
import { type GuardrailSet, runFastGuardrails, runSlowGuardrail } from "./run-guardrails.ts";
import { isUnread } from "./unread.ts";
import type { Side, Verdict } from "./verdict.ts";
import { failed, skipped } from "./verdicts.ts";

/** For all calls of one request. */
export interface JudgedCall extends GuardrailCall {
  readonly budget: JudgeBudget;
}

export interface Cascade {
  readonly guardrails: GuardrailSet;
  readonly policy: Policy;
  readonly call: JudgedCall;
  /** in [0, 1), one for all checks of this text, so that a sampled one is judged from its first window to its last check */
  readonly draw: number;
  /** judges that have read a part of this answer: they read the whole of it too */
  readonly begun?: ReadonlySet<string>;
  /** those of them that have read, window by window, all of it that they do not reach any more */
  readonly readBefore?: ReadonlySet<string>;
}

export interface Asked {
  readonly verdict: Verdict;
  /** it missed its deadline */
  readonly isLate: boolean;
}

export async function askJudge(
  judge: SlowGuardrail,
  exchange: Exchange,
  side: Side,
  call: JudgedCall,
  policy: Policy,
): Promise<Asked> {
  const left = call.budget.take();
  if (left === null) {
    return { verdict: failed(judge, side, "the judges' budget of this request is used up"), isLate: false };
  }
  const milliseconds = Math.min(judgeOf(policy, judge.id).timeout_milliseconds, left);
  const deadline = AbortSignal.timeout(milliseconds);
  const signal = AbortSignal.any([call.signal, deadline]);
  const verdict = await runSlowGuardrail(judge, exchange, side, { ...call, signal });
  call.budget.spend(verdict.latencyMilliseconds ?? 0);
  return { verdict, isLate: verdict.status === "error" && deadline.aborted && !call.signal.aborted };
}

/** Judges all at once, after the fast guardrails have spoken. */
export async function runJudges(
  { guardrails, policy, call, draw, begun, readBefore }: Cascade,
  judges: readonly SlowGuardrail[],
  fast: readonly Verdict[],
  exchange: Exchange,
  side: Side,
): Promise<readonly Verdict[]> {
  if (judges.length === 0) return [];
  const { action } = decide(policy, fast, guardrails);
  // An input that would be cut is refused.
  const isDecided = action === "block" || action === "unavailable" || (side === "input" && !letsPass(action));
  const standing = standingUnder(policy, guardrails.fast, fast, side);
  return await Promise.all(
    judges.map(async (judge) => {
      const keys = judgeOf(policy, judge.id);
      const run = begun?.has(judge.id) === true ? ("always" as const) : keys.run;
      const asked = escalation({ judge: { ...keys, run }, standing, isDecided, draw });
      if (!asked.run) return skipped(judge, side, asked.reason);
      const { verdict } = await askJudge(judge, exchange, side, call, policy);
      const isRead = isUnread(verdict) && readBefore?.has(judge.id) === true;
      return isRead ? { ...verdict, status: "pass", reason: null } : verdict;
    }),
  );
}

/** One verdict for every guardrail of that side, fast ones first, in the set's order. */
export async function runCascade(cascade: Cascade, exchange: Exchange, side: Side): Promise<readonly Verdict[]> {
  const { fast: all, slow } = cascade.guardrails;
  const fast = runFastGuardrails(all, exchange, side);
  const judges = slow.filter(({ sides }) => sides.includes(side));
  return [...fast, ...(await runJudges(cascade, judges, fast, exchange, side))];
}
