// From verdicts to an action: the truth table whole, and what holds for any verdicts at all.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionFor, decide, failsClosed } from "../../src/guardrail/decide.ts";
import { EDGE_CLASSIFIER_ID } from "../../src/guardrail/edge-classifier/classifier-version.ts";
import type { GuardrailSet } from "../../src/guardrail/run-guardrails.ts";
import type { Finding, Side, Verdict } from "../../src/guardrail/verdict.ts";
import { failed, judged, skipped } from "../../src/guardrail/verdicts.ts";
import type { Category } from "../../src/policy/category.ts";
import { ACTIONS, DEFAULT_POLICY, type Action, type Policy } from "../../src/policy/policy.ts";
import { judgeKeys } from "../fakes/judge-keys.ts";
import { brokenGuardrail } from "../fakes/phrase-guardrail.ts";

const identity = { id: "one", version: "1" };
const NONE: GuardrailSet = { fast: [], slow: [] };
const MODES = ["closed", "open"] as const;
const SPAN = { location: "content", start: 0, end: 1 };

/** Custom categories named after their action, so that a table can say what it wants. */
function policyOf(onError: Policy["on_guardrail_error"]): Policy {
  const side: Record<string, Action> = { default: "block" };
  for (const action of ACTIONS) side[`custom:${action}`] = action;
  return { ...DEFAULT_POLICY, on_guardrail_error: onError, actions: { input: side, output: side } };
}

const finding = (category: Category, span: Finding["span"] = SPAN): Finding => ({
  rule: "r",
  category,
  span,
  message: "m",
});
const flag = (side: Side, ...findings: Finding[]): Verdict => judged(identity, side, findings);

describe("decide", () => {
  const flagged = [null, ...ACTIONS];
  const table = MODES.flatMap((mode) =>
    flagged.flatMap((first) =>
      flagged.flatMap((second) => [false, true].map((broken) => [mode, first, second, broken] as const)),
    ),
  );

  it.each(table)("fail %s, flags %s and %s, an error: %s", (mode, first, second, broken) => {
    const wanted = [first, second].filter((action) => action !== null);
    const verdicts = [
      ...(broken ? [failed({ id: "broken", version: "1" }, "output", "broke")] : []),
      ...wanted.map((action) => flag("output", finding(`custom:${action}`))),
      judged(identity, "output", []),
      skipped(identity, "output", "off"),
    ];
    const strictest = ACTIONS.findLast((action) => wanted.includes(action)) ?? "allow";
    const unavailable = broken && mode === "closed" && strictest !== "block";
    expect(decide(policyOf(mode), verdicts, NONE)).toEqual(
      unavailable ? { action: "unavailable", guardrail: "broken" } : { action: strictest },
    );
  });

  it("lets the default of a policy reach neither personal data nor refusals, and a line of their own does", () => {
    for (const category of ["pii", "over_refusal"] as const) {
      const strict = {
        ...DEFAULT_POLICY,
        actions: { input: { default: "block" }, output: { default: "block" } },
      } as const;
      expect(actionFor(strict, "output", category)).toBe("annotate");
      const named: Policy = {
        ...strict,
        actions: { ...strict.actions, output: { default: "allow", [category]: "block" } },
      };
      expect(actionFor(named, "output", category)).toBe("block");
    }
    expect(actionFor(DEFAULT_POLICY, "input", "pii")).toBe("allow");
  });

  it("blocks where there is no span to redact", () => {
    expect(decide(policyOf("closed"), [flag("output", finding("custom:redact", null))], NONE)).toEqual({
      action: "block",
    });
  });

  it("blocks an answer whose only span lies in the conversation, where nothing can be cut", () => {
    const elsewhere = finding("custom:redact", { location: "messages[0].content", start: 0, end: 1 });
    expect(decide(policyOf("closed"), [flag("output", elsewhere)], NONE)).toEqual({ action: "block" });
  });

  it("names the first guardrail that failed", () => {
    const verdicts = ["first", "second"].map((id) => failed({ id, version: "1" }, "input", "broke"));
    expect(decide(policyOf("closed"), verdicts, NONE)).toEqual({ action: "unavailable", guardrail: "first" });
  });

  it("goes by each verdict's own side", () => {
    const policy: Policy = {
      ...DEFAULT_POLICY,
      actions: { input: { default: "annotate" }, output: { default: "block" } },
    };
    expect(decide(policy, [flag("input", finding("S1"))], NONE)).toEqual({ action: "annotate" });
    expect(decide(policy, [flag("output", finding("S1"))], NONE)).toEqual({ action: "block" });
  });

  it("does not depend on the verdicts' order, and never grows milder with one more", () => {
    const anyFinding = fc.record({
      rule: fc.constant("r"),
      category: fc.constantFrom<Category>("S1", ...ACTIONS.map((action) => `custom:${action}` as const)),
      span: fc.constantFrom(null, SPAN),
      message: fc.constant("m"),
    });
    const anyVerdict = fc.oneof(
      fc.array(anyFinding, { maxLength: 3 }).map((findings) => flag("output", ...findings)),
      fc.constant(failed(identity, "output", "broke")),
      fc.constant(skipped(identity, "output", "off")),
    );
    const strictness = (policy: Policy, verdicts: readonly Verdict[]): number => {
      const { action } = decide(policy, verdicts, NONE);
      const order: readonly (Action | "unavailable")[] = [
        "allow",
        "annotate",
        "redact",
        "repair",
        "unavailable",
        "block",
      ];
      return order.indexOf(action);
    };
    fc.assert(
      fc.property(fc.constantFrom(...MODES), fc.array(anyVerdict), anyVerdict, (mode, verdicts, more) => {
        const policy = policyOf(mode);
        expect(decide(policy, verdicts.toReversed(), NONE)).toEqual(decide(policy, verdicts, NONE));
        expect(strictness(policy, [...verdicts, more])).toBeGreaterThanOrEqual(strictness(policy, verdicts));
      }),
    );
  });
});

describe("decide, over every status, action, failure mode, weight and evidence", () => {
  const EVIDENCE = ["certain", "uncertain", "unknown", "no_band", "classifier flags", "judge agrees"] as const;
  const WEIGHTS = ["screen", "decide"] as const;
  const classifier = { id: EDGE_CLASSIFIER_ID, version: "1" };
  const judge = { id: "judge", version: "1" };
  const second = { id: "second", version: "1" };
  const scored = (score: number, ...findings: Finding[]): Verdict =>
    judged(classifier, "output", findings, { score, threshold: 0.8 });
  const beside: Readonly<Record<(typeof EVIDENCE)[number], readonly Verdict[]>> = {
    certain: [scored(0.1)],
    uncertain: [scored(0.6)],
    unknown: [skipped(classifier, "output", "unsupported_language")],
    no_band: [scored(0.6)],
    "classifier flags": [scored(0.1, finding("custom:allow", null))],
    "judge agrees": [scored(0.1), judged(second, "output", [finding("custom:allow", null)])],
  };

  function policyWith(weight: "screen" | "decide", mode: "closed" | "open", hasBand: boolean): Policy {
    const classifierKeys = { ...DEFAULT_POLICY.classifier, output_uncertain_from: hasBand ? 0.5 : null };
    const judges = [judgeKeys({ weight }), judgeKeys({ id: "second", weight: "screen" })];
    return { ...policyOf(mode), judges, classifier: classifierKeys };
  }

  const table = MODES.flatMap((mode) =>
    WEIGHTS.flatMap((weight) =>
      EVIDENCE.flatMap((evidence) =>
        [...ACTIONS, "pass", "error", "skipped"].map((said) => [mode, weight, evidence, said] as const),
      ),
    ),
  );

  it.each(table)("fail %s, a judge that is to %s, %s: %s", (mode, weight, evidence, said) => {
    const own: Readonly<Record<string, Verdict>> = {
      pass: judged(judge, "output", []),
      error: failed(judge, "output", "broke"),
      skipped: skipped(judge, "output", "certain"),
    };
    // With a place, so that each action is possible.
    const verdict = own[said] ?? judged(judge, "output", [finding(`custom:${said}`)]);
    const policy = policyWith(weight, mode, evidence !== "no_band");
    const decision = decide(policy, [...beside[evidence], verdict], NONE);
    if (said === "error" && mode === "closed") {
      expect(decision).toEqual({ action: "unavailable", guardrail: "judge" });
      return;
    }
    const isAlone = weight === "screen" && (evidence === "certain" || evidence === "no_band");
    const wanted = ACTIONS.find((action) => action === said) ?? "allow";
    const expected = isAlone && wanted !== "allow" ? "annotate" : wanted;
    expect(decision).toEqual({ action: expected });
    // Evidence that is only looked at says the same, and is not decided on itself.
    expect(decide(policy, [verdict], NONE, beside[evidence])).toEqual({ action: expected });
  });

  it("hears a screen's flag the better, the more flags there are", () => {
    const anyFlag = fc.oneof(
      fc
        .tuple(fc.constantFrom(judge, second), fc.constantFrom(...ACTIONS))
        .map(([identity, action]) => judged(identity, "output", [finding(`custom:${action}`)])),
      fc.constantFrom(...ACTIONS).map((action) => scored(0.9, finding(`custom:${action}`))),
    );
    const evidence = fc.constantFrom(...EVIDENCE);
    fc.assert(
      fc.property(evidence, fc.array(anyFlag, { maxLength: 4 }), anyFlag, (known, verdicts, more) => {
        const policy = policyWith("screen", "open", known !== "no_band");
        const strictness = (given: readonly Verdict[]): number => {
          const { action } = decide(policy, [...beside[known], ...given], NONE);
          return ACTIONS.findIndex((each) => each === action);
        };
        expect(strictness([...verdicts, more])).toBeGreaterThanOrEqual(strictness(verdicts));
      }),
    );
  });
});

describe("failsClosed", () => {
  const byCategory: Policy = { ...DEFAULT_POLICY, on_guardrail_error: { default: "closed", S1: "open", S2: "open" } };

  it.each<[Policy, readonly string[], boolean]>([
    [policyOf("closed"), ["S1"], true],
    [policyOf("open"), ["S1"], false],
    [byCategory, ["S1", "S2"], false],
    [byCategory, ["S1", "S3"], true],
    [byCategory, [], true],
    [{ ...byCategory, on_guardrail_error: { default: "open", S1: "closed" } }, ["S1", "S2"], true],
    [{ ...byCategory, on_guardrail_error: { default: "open", S1: "closed" } }, ["S2"], false],
  ])("under %j a guardrail of %j: %s", (policy, categories, closed) => {
    expect(failsClosed(policy, categories)).toBe(closed);
    const guardrail = { ...brokenGuardrail(["output"]), categories };
    const verdict = failed(guardrail, "output", "broke");
    expect(decide(policy, [verdict], { fast: [guardrail], slow: [] }).action).toBe(closed ? "unavailable" : "allow");
  });
});

describe("actionFor", () => {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    actions: {
      input: { default: "allow", S1: "block", "custom:*": "redact", "custom:own": "annotate" },
      output: { default: "block" },
    },
  };

  it.each<[Side, Category, Action]>([
    ["input", "S1", "block"],
    ["input", "S2", "allow"],
    ["input", "custom:own", "annotate"],
    ["input", "custom:other", "redact"],
    ["output", "custom:other", "block"],
    ["output", "S1", "block"],
  ])("on %s, %s is %s", (side, category, action) => {
    expect(actionFor(policy, side, category)).toBe(action);
  });
});
