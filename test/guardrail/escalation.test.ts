// Whether a judge is asked: the truth table whole.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEdgeGuardrail } from "../../src/guardrail/edge-classifier/edge-guardrail.ts";
import { uncertainFrom } from "../../src/guardrail/edge-classifier/escalation-band.ts";
import { EDGE_CLASSIFIER_ID } from "../../src/guardrail/edge-classifier/classifier-version.ts";
import { THRESHOLDS, UNCERTAIN_FROM } from "../../src/guardrail/edge-classifier/weights.ts";
import {
  escalation,
  type EscalationCase,
  isNotAsked,
  type Standing,
  standingOf,
  standingUnder,
} from "../../src/guardrail/escalation.ts";
import { failed, judged, skipped } from "../../src/guardrail/verdicts.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";

const STANDINGS: readonly Standing[] = ["certain", "uncertain", "unknown", "unread", "no_band"];
const RUNS = ["always", "uncertain", "sampled"] as const;
const classifier = { id: EDGE_CLASSIFIER_ID, version: "1" };

/** Written out, so that the table is not the code once more. */
function expected(run: (typeof RUNS)[number], standing: Standing, isDecided: boolean, isDrawn: boolean): string {
  const key = `${run} ${standing} ${isDecided ? "decided" : "open"} ${isDrawn ? "drawn" : "undrawn"}`;
  if (isDecided) return "already_decided";
  const skippedCases: Readonly<Record<string, string>> = {
    "uncertain certain open undrawn": "certain",
    "uncertain no_band open undrawn": "no_band",
    "sampled certain open undrawn": "not_sampled",
    "sampled uncertain open undrawn": "not_sampled",
    "sampled unknown open undrawn": "not_sampled",
    "sampled no_band open undrawn": "not_sampled",
  };
  return skippedCases[key] ?? "run";
}

describe("escalation", () => {
  const table = RUNS.flatMap((run) =>
    STANDINGS.flatMap((standing) =>
      [false, true].flatMap((isDecided) =>
        [false, true].map((isDrawn) => [run, standing, isDecided, isDrawn] as const),
      ),
    ),
  );

  it.each(table)("%s, %s, decided %s, drawn %s", (run, standing, isDecided, isDrawn) => {
    const asked = escalation({ judge: { run, sample: 0.25 }, standing, isDecided, draw: isDrawn ? 0.2 : 0.3 });
    expect(asked.run ? "run" : asked.reason).toBe(expected(run, standing, isDecided, isDrawn));
  });

  it("samples nobody under 0 but where nothing else could read, and everybody under 1, whatever is drawn", () => {
    const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(draws, fc.constantFrom(...STANDINGS), (draw, standing) => {
        const given: Omit<EscalationCase, "judge"> = { standing, isDecided: false, draw };
        expect(escalation({ judge: { run: "sampled", sample: 0 }, ...given }).run).toBe(standing === "unread");
        expect(escalation({ judge: { run: "sampled", sample: 1 }, ...given }).run).toBe(true);
      }),
    );
  });
});

describe("standingOf", () => {
  const scored = (score: number): ReturnType<typeof judged> =>
    judged(classifier, "output", [], { score, threshold: 0.8 });

  it.each<[string, number | null, ReturnType<typeof judged>[], Standing]>([
    ["below the band", 0.5, [scored(0.499)], "certain"],
    ["at its beginning", 0.5, [scored(0.5)], "uncertain"],
    ["above the threshold", 0.5, [scored(0.9)], "uncertain"],
    ["of the other side", 0.5, [{ ...scored(0.1), side: "input" }], "unknown"],
    ["of another guardrail", 0.5, [{ ...scored(0.1), guardrail: "other" }], "unknown"],
    ["in a language it can't read", 0.5, [skipped(classifier, "output", "unsupported_language")], "unknown"],
    ["that could not be worked out", 0.5, [failed(classifier, "output", "broke")], "unknown"],
    ["without a band", null, [scored(0.9)], "no_band"],
  ])("a score %s", (_, from, verdicts, standing) => {
    expect(standingOf(from, verdicts, "output")).toBe(standing);
  });
});

describe("the band", () => {
  it("is the classifier's, begins below its threshold, and can be moved or taken away", () => {
    expect(createEdgeGuardrail().id).toBe(EDGE_CLASSIFIER_ID);
    for (const side of ["input", "output"] as const) {
      expect(UNCERTAIN_FROM[side] ?? 1).toBeLessThan(THRESHOLDS[side] ?? 1);
      expect(uncertainFrom(DEFAULT_POLICY, side, [])).toBe(UNCERTAIN_FROM[side]);
    }
    const published = { uncertainFrom: () => ({ input: null, output: 0.3 }) };
    expect(uncertainFrom(DEFAULT_POLICY, "input", [{}, published])).toBeNull();
    expect(uncertainFrom(DEFAULT_POLICY, "output", [{}, published])).toBe(0.3);
    const moved = { ...DEFAULT_POLICY.classifier, input_uncertain_from: 0.2, output_uncertain_from: null };
    expect(uncertainFrom({ classifier: moved }, "input", [published])).toBe(0.2);
    expect(uncertainFrom({ classifier: moved }, "output", [published])).toBeNull();
  });
});

describe("standingUnder", () => {
  const unread = skipped(classifier, "output", "unsupported_language");

  it.each([
    ["allow", 0.5, "unknown"],
    ["escalate", 0.5, "unread"],
    ["allow", null, "no_band"],
    ["escalate", null, "unread"],
  ] as const)("under %s, a band from %s on: %s", (choice, from, standing) => {
    const band = { ...DEFAULT_POLICY.classifier, output_uncertain_from: from };
    const policy = { classifier: band, on_unsupported_language: choice };
    expect(standingUnder(policy, [], [unread], "output")).toBe(standing);
    expect(standingUnder(policy, [], [{ ...unread, side: "input" }], "output")).toBe(
      from === null ? "no_band" : "unknown",
    );
  });
});

it("isNotAsked tells a judge that the policy did not want from a check that could not run", () => {
  const judge = { id: "judge", version: "1" };
  expect(isNotAsked(skipped(judge, "output", "certain"))).toBe(true);
  expect(isNotAsked(skipped(judge, "output", "There is no text to judge."))).toBe(false);
  expect(isNotAsked(failed(judge, "output", "certain"))).toBe(false);
});
