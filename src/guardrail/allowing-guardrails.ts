// Guardrails that keep quiet about what is allowed, on both sides, in JSON and in streams. Law: made for one request, and only
// where an allowance can hold for it.
import type { Allowance } from "../policy/allowance-schema.ts";
import { allowed, type AllowanceContext, liveAllowances } from "./allowance.ts";
import type { FastGuardrail, Follower, Glimpse, SlowGuardrail } from "./guardrail.ts";
import type { GuardrailSet } from "./run-guardrails.ts";
import { judged } from "./verdicts.ts";

function allowingFast(guardrail: FastGuardrail, live: readonly Allowance[]): FastGuardrail {
  const { id, version, sides, categories } = guardrail;
  return {
    ...{ id, version, sides, categories },
    check: (exchange, side) => allowed(guardrail.check(exchange, side), exchange, live),
    ...(guardrail.glimpse === undefined
      ? {}
      : {
          glimpse: (piece, exchange): Glimpse => {
            const glimpse = guardrail.glimpse?.(piece, exchange) ?? { findings: [], openFrom: piece.text.length };
            if (glimpse.findings.length === 0) return glimpse;
            const seen = { ...exchange, answer: [piece] };
            return {
              ...glimpse,
              findings: allowed(judged(guardrail, "output", glimpse.findings), seen, live).findings,
            };
          },
        }),
    ...(guardrail.follow === undefined
      ? {}
      : {
          follow: (exchange): Follower => {
            const follower = guardrail.follow?.(exchange);
            return {
              push: (text, location) => follower?.push(text, location),
              verdict: () => allowed(follower?.verdict() ?? judged(guardrail, "output", []), exchange, live),
            };
          },
        }),
  };
}

function allowingSlow(guardrail: SlowGuardrail, live: readonly Allowance[]): SlowGuardrail {
  return {
    ...guardrail,
    check: async (exchange, side, call) => allowed(await guardrail.check(exchange, side, call), exchange, live),
  };
}

/** The same set where nothing is allowed now, here and to this key. */
export function allowingGuardrails(
  set: GuardrailSet,
  allowances: readonly Allowance[],
  context: AllowanceContext,
): GuardrailSet {
  const live = liveAllowances(allowances, context);
  if (live.length === 0) return set;
  return {
    fast: set.fast.map((guardrail) => allowingFast(guardrail, live)),
    slow: set.slow.map((guardrail) => allowingSlow(guardrail, live)),
  };
}
