// The input's side of every request: fast guardrails first, then judges, before the model is asked or beside it.
// Law: a block by a fast guardrail costs no upstream call; one by a judge beside the model aborts it, and nothing of its answer leaves.
import type { UsageMeter } from "../access/usage-meter.ts";
import { decide, letsPass } from "../guardrail/decide.ts";
import type { SlowGuardrail } from "../guardrail/guardrail.ts";
import { type JudgedCall, runJudges } from "../guardrail/run-cascade.ts";
import { type GuardrailSet, runFastGuardrails } from "../guardrail/run-guardrails.ts";
import { scannedExchange } from "../guardrail/scanned-exchange.ts";
import { unscannableVerdict } from "../guardrail/unscannable-verdict.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { Clock } from "../lib/clock.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Logger } from "../lib/logger.ts";
import { judgeOf } from "../policy/judge-policy.ts";
import type { Problem } from "../problem.ts";
import type { ChatRequest } from "../wire/chat-completion.ts";
import { unscannableParts, unscannableProblem } from "../wire/unscannable-parts.ts";
import type { Policy } from "../policy/policy.ts";
import { type Caller, captureAttack, type Capturing } from "./capture-choice.ts";
import { exchangeOf } from "./exchange-of.ts";
import { failures } from "./guard-choice.ts";
import { guardrailUnavailable, inputBlocked } from "./guarded-problems.ts";

export interface InputDependencies extends Capturing {
  readonly guardrails: GuardrailSet;
  readonly logger: Logger;
  readonly meter: UsageMeter;
  readonly clock: Clock;
  /** in [0, 1): says which exchanges are sampled */
  readonly random: () => number;
  /** under `monitor`: what would be gone by without it */
  readonly enforced?: Policy | null;
}

export interface Guarded<Value> {
  readonly value: Value;
  /** of the input */
  readonly verdicts: readonly Verdict[];
}

/** One error line and one count for each guardrail that failed, whatever the policy makes of it: this is what an alarm reads. */
export function alarm(
  { logger, meter }: Pick<InputDependencies, "logger" | "meter">,
  verdicts: readonly Verdict[],
  { projectId, keyId, requestId }: Caller,
): void {
  for (const { guardrail, side, reason } of failures(verdicts)) {
    logger.error("guardrail_failed", { guardrail, side, reason, request_id: requestId });
    meter.count({ projectId, keyId, outcome: "guardrail_error" });
  }
}

/** Under `monitor`: keeps what would have been blocked. Whether it would have been. */
async function recordMonitored(
  dependencies: InputDependencies,
  request: ChatRequest,
  caller: Caller,
  verdicts: readonly Verdict[],
  upstreamStarted: boolean,
): Promise<boolean> {
  const { enforced = null, guardrails } = dependencies;
  if (enforced === null || !verdicts.some(({ status }) => status === "flag")) return false;
  const { action } = decide(enforced, verdicts, guardrails);
  if (action === "unavailable" || letsPass(action)) return false;
  await captureAttack(dependencies, request, caller, { verdicts, upstreamStarted, action: "annotate" });
  return true;
}

/**
 * Asks the model only for an input that may be answered. `ask` gets a signal that also a judge's block aborts, and what the fast
 * guardrails said.
 */
export async function guardInput<Value>(
  dependencies: InputDependencies,
  request: ChatRequest,
  caller: Caller,
  call: JudgedCall,
  ask: (signal: AbortSignal, verdicts: readonly Verdict[]) => Promise<Result<Value, Problem>>,
): Promise<Result<Guarded<Value>, Problem>> {
  const { guardrails, policy } = dependencies;
  const exchange = scannedExchange(exchangeOf(request.messages, null, []), policy);
  const media = unscannableParts(request.messages);
  const unscannable = policy.unscannable_parts === "reject" ? unscannableProblem(media) : null;
  if (unscannable !== null) return err(unscannable);
  const told = (verdicts: readonly Verdict[]): readonly Verdict[] => {
    alarm(dependencies, verdicts, caller);
    return verdicts;
  };
  let isRecorded = false;
  const refuse = async (verdicts: readonly Verdict[], upstreamStarted: boolean): Promise<Problem | null> => {
    const decision = decide(policy, verdicts, guardrails);
    if (decision.action === "unavailable") return guardrailUnavailable(decision.guardrail, "input");
    // Cutting spans out of a user's words would change what they asked, so on input `redact` refuses too, and so does `repair`.
    if (letsPass(decision.action)) {
      isRecorded ||= await recordMonitored(dependencies, request, caller, verdicts, upstreamStarted);
      return null;
    }
    const attackId = await captureAttack(dependencies, request, caller, { verdicts, upstreamStarted, action: "block" });
    return inputBlocked(policy, verdicts, request.messages, attackId);
  };

  const unread = unscannableVerdict(media, "input");
  const fast = [...told(runFastGuardrails(guardrails.fast, exchange, "input")), ...(unread === null ? [] : [unread])];
  const refusal = await refuse(fast, false);
  if (refusal !== null) return err(refusal);
  const judges = guardrails.slow.filter(({ sides }) => sides.includes("input"));
  const beside = judges.filter(({ id }) => judgeOf(policy, id).input === "parallel");
  const before = judges.filter((judge) => !beside.includes(judge));
  const cascade = { guardrails, policy, call, draw: dependencies.random() };
  /** What is known with what these judges say; what they are asked depends on the fast guardrails alone. */
  const judge = async (
    asked: readonly SlowGuardrail[],
    known: readonly Verdict[],
  ): Promise<Result<readonly Verdict[], Problem>> => {
    const verdicts = [...known, ...told(await runJudges(cascade, asked, fast, exchange, "input"))];
    const judgedRefusal = await refuse(verdicts, asked === beside);
    return judgedRefusal === null ? ok(verdicts) : err(judgedRefusal);
  };
  const judged = before.length === 0 ? ok(fast) : await judge(before, fast);
  if (!judged.ok) return judged;
  if (beside.length === 0) {
    const asked = await ask(call.signal, fast);
    return asked.ok ? ok({ value: asked.value, verdicts: judged.value }) : asked;
  }
  const stop = new AbortController();
  const judgeBeside = async (): ReturnType<typeof judge> => {
    const verdicts = await judge(beside, judged.value);
    if (!verdicts.ok) stop.abort();
    return verdicts;
  };
  const either = AbortSignal.any([call.signal, stop.signal]);
  const [verdicts, asked] = await Promise.all([judgeBeside(), ask(either, fast)]);
  if (!verdicts.ok) return verdicts;
  return asked.ok ? ok({ value: asked.value, verdicts: verdicts.value }) : asked;
}
