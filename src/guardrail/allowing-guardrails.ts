// Guardrails that keep quiet about what is allowed, on both sides, in JSON and in streams. Law: made for one request, and only
// where an allowance can hold for it.
import type { Allowance } from "../policy/allowance-schema.ts";
import { allowed, type AllowanceContext, liveAllowances } from "./allowance.ts";
import { blanked } from "./blanked-exchange.ts";
import type { Exchange } from "./exchange.ts";
import type { FastGuardrail, Follower, Glimpse, SlowGuardrail } from "./guardrail.ts";
import type { GuardrailSet } from "./run-guardrails.ts";
import type { Finding, Verdict } from "./verdict.ts";
import { judged } from "./verdicts.ts";

/** Each reads the texts once more; whoever says an allowed phrase more often is not believed. */
const MOST_READINGS = 8;

/**
 * A guardrail may tell one place of several, so that a phrase that is allowed would hide the next one of its rule: it is blanked,
 * and the rest is read again, until nothing more is allowed.
 */
function allowedWherever(
  exchange: Exchange,
  live: readonly Allowance[],
  read: (exchange: Exchange) => Verdict,
): Verdict {
  const first = read(exchange);
  let left = allowed(first, exchange, live);
  if (left === first || live.every(({ phrase }) => phrase === null)) return left;
  const { reason } = left;
  const findings = new Map<string, Finding>();
  let [given, shown] = [first, exchange];
  for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
    const kept = new Set(left.findings);
    for (const finding of kept) findings.set(JSON.stringify(finding), finding);
    const spans = given.findings.flatMap((finding) => (kept.has(finding) ? [] : (finding.span ?? [])));
    if (spans.length === 0) {
      const all = [...findings.values()];
      return { ...first, status: all.length > 0 ? "flag" : "pass", reason, findings: all };
    }
    shown = blanked(shown, spans);
    given = read(shown);
    left = allowed(given, shown, live);
  }
  return first;
}

function allowingFast(guardrail: FastGuardrail, live: readonly Allowance[]): FastGuardrail {
  return {
    ...guardrail,
    check: (exchange, side) => allowedWherever(exchange, live, (shown) => guardrail.check(shown, side)),
    ...(guardrail.glimpse === undefined
      ? {}
      : {
          glimpse: (piece, exchange): Glimpse => {
            const glimpse = guardrail.glimpse?.(piece, exchange) ?? { findings: [], openFrom: piece.text.length };
            if (glimpse.findings.length === 0) return glimpse;
            const found = ({ answer: [shown = piece] }: Exchange): Verdict =>
              judged(guardrail, "output", guardrail.glimpse?.(shown, exchange).findings ?? []);
            return { ...glimpse, findings: allowedWherever({ ...exchange, answer: [piece] }, live, found).findings };
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
