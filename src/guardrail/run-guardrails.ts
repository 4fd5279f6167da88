// Runs guardrails over one side of an exchange. Law: whatever a guardrail throws becomes a verdict of status `error`, and
// so does a flag without a finding, since nobody could decide on it.
import { errorMessage } from "../lib/error-message.ts";
import type { Exchange } from "./exchange.ts";
import type { FastGuardrail, GuardrailCall, SlowGuardrail } from "./guardrail.ts";
import type { Side, Verdict } from "./verdict.ts";
import { failed } from "./verdicts.ts";

/** More than is stored of it (mistake/redact-exchange.ts), which is cut only when it is redacted. */
const MOST_RATIONALE_CHARACTERS = 2_000;

export interface GuardrailSet {
  readonly fast: readonly FastGuardrail[];
  readonly slow: readonly SlowGuardrail[];
}

/** A flag without a finding is an error. */
export function sound(guardrail: FastGuardrail | SlowGuardrail, side: Side, verdict: Verdict): Verdict {
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

/** One verdict for each of that side. */
export function runFastGuardrails(
  guardrails: readonly FastGuardrail[],
  exchange: Exchange,
  side: Side,
): readonly Verdict[] {
  return guardrails
    .filter(({ sides }) => sides.includes(side))
    .map((guardrail) => runFastGuardrail(guardrail, exchange, side));
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

async function askedOf(
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

/** For one that asks over the network. However it ends, the verdict says how long it took. */
export async function runSlowGuardrail(
  guardrail: SlowGuardrail,
  exchange: Exchange,
  side: Side,
  call: GuardrailCall,
): Promise<Verdict> {
  const begun = call.clock();
  const verdict = await askedOf(guardrail, exchange, side, call);
  const rationale = verdict.rationale?.slice(0, MOST_RATIONALE_CHARACTERS) ?? null;
  return { ...verdict, rationale, latencyMilliseconds: Math.max(0, call.clock() - begun) };
}
