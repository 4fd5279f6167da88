// Runs guardrails over one side of an exchange. Law: whatever a guardrail throws becomes a verdict of status `error`, and
// so does a flag without a finding, since nobody could decide on it.
import { errorMessage } from "../lib/error-message.ts";
import type { Exchange } from "./exchange.ts";
import type { FastGuardrail, GuardrailCall, SlowGuardrail } from "./guardrail.ts";
import type { Side, Verdict } from "./verdict.ts";
import { failed } from "./verdicts.ts";

export interface GuardrailSet {
  readonly fast: readonly FastGuardrail[];
  readonly slow: readonly SlowGuardrail[];
}

function sound(guardrail: FastGuardrail | SlowGuardrail, side: Side, verdict: Verdict): Verdict {
  if (verdict.status !== "flag" || verdict.findings.length > 0) return verdict;
  return failed(guardrail, side, "it flagged without a finding");
}

/** For one guardrail that needs no network. */
export function runFastGuardrail(guardrail: FastGuardrail, exchange: Exchange, side: Side): Verdict {
  try {
    return sound(guardrail, side, guardrail.check(exchange, side));
  } catch (caught) {
    return failed(guardrail, side, errorMessage(caught));
  }
}

/** A guardrail that does not heed its signal must not hold anybody up. */
async function beforeAbort<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return await new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error("it was stopped"));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", stop);
    });
  });
}

/** For one that asks over the network. */
export async function runSlowGuardrail(
  guardrail: SlowGuardrail,
  exchange: Exchange,
  side: Side,
  call: GuardrailCall,
): Promise<Verdict> {
  try {
    return sound(guardrail, side, await beforeAbort(guardrail.check(exchange, side, call), call.signal));
  } catch (caught) {
    return failed(guardrail, side, errorMessage(caught));
  }
}

/** One verdict for every guardrail of that side, fast ones first, in the set's order. */
export async function runGuardrails(
  set: GuardrailSet,
  exchange: Exchange,
  side: Side,
  call: GuardrailCall,
): Promise<readonly Verdict[]> {
  const fast = set.fast
    .filter(({ sides }) => sides.includes(side))
    .map((guardrail) => runFastGuardrail(guardrail, exchange, side));
  const slow = set.slow.filter(({ sides }) => sides.includes(side));
  if (slow.length === 0) return fast;
  return [
    ...fast,
    ...(await Promise.all(slow.map(async (guardrail) => await runSlowGuardrail(guardrail, exchange, side, call)))),
  ];
}
