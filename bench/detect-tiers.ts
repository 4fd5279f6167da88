// The fast guardrails by tiers: 0 = all rules together, 0+1 = rules and edge classifier. Law: what a rule flags has the highest
// score there is; what nobody could score has the lowest.
import { judged } from "../src/guardrail/verdicts.ts";
import type { Exchange } from "../src/guardrail/exchange.ts";
import type { FastGuardrail } from "../src/guardrail/guardrail.ts";
import { OVER_REFUSAL_ID } from "../src/guardrail/refusal/over-refusal-guardrail.ts";
import type { Side, Verdict } from "../src/guardrail/verdict.ts";
import { proportion, type Proportion } from "./detect-metrics.ts";
import type { Measured } from "./detect-measure.ts";

export interface Tiers {
  readonly rules: FastGuardrail;
  readonly cascade: FastGuardrail;
}

export function tiersOf(guardrails: readonly FastGuardrail[], classifier: FastGuardrail): Tiers {
  const rules = guardrails.filter(({ id }) => id !== classifier.id && !OF_NO_HARM.has(id));
  const flagOf = (exchange: Exchange, side: Side): Verdict | undefined =>
    rules
      .filter(({ sides }) => sides.includes(side))
      .map((rule) => rule.check(exchange, side))
      .find(({ status }) => status === "flag");
  const shared = { version: classifier.version, sides: ["input", "output"], categories: [] } as const;
  const identity = { id: "tier-0", version: "" };
  return {
    rules: {
      ...shared,
      id: "tier-0",
      check: (exchange, side) => {
        const flag = flagOf(exchange, side);
        return flag === undefined ? { ...judged(identity, side, []), score: 0 } : { ...flag, score: 1 };
      },
    },
    cascade: {
      ...shared,
      id: "tier-0+1",
      check: (exchange, side) => {
        const flag = flagOf(exchange, side);
        if (flag !== undefined) return { ...flag, score: 1 };
        const verdict = classifier.check(exchange, side);
        return { ...verdict, score: verdict.score ?? 0 };
      },
    },
  };
}

/** What they find is personal, or wrong in form, and no harm: by default it is noted and leaves. */
const OF_NO_HARM: ReadonlySet<string> = new Set(["pii", OVER_REFUSAL_ID, "answer-schema"]);

/** The share that a judge would be asked about: nobody flagged it, and its score lies in the uncertain band. */
export function escalated(measured: readonly Measured[], uncertainFrom: number | null): Proportion | null {
  if (uncertainFrom === null) return null;
  const asked = measured.filter(({ verdict }) => verdict.status !== "flag" && (verdict.score ?? 0) >= uncertainFrom);
  return proportion(asked.length, measured.length);
}
