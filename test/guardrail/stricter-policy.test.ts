// A header only makes a policy stricter: key by key, and for any policies, headers and verdicts at all.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/guardrail/decide.ts";
import { stricterPolicy } from "../../src/guardrail/stricter-policy.ts";
import { UNSUPPORTED_LANGUAGE } from "../../src/guardrail/unsupported-language.ts";
import type { Verdict } from "../../src/guardrail/verdict.ts";
import { failed, judged, skipped } from "../../src/guardrail/verdicts.ts";
import type { Result } from "../../src/lib/result.ts";
import { allowanceSchema } from "../../src/policy/allowance-schema.ts";
import type { PolicyFault } from "../../src/policy/policy-faults.ts";
import { ACTIONS, DEFAULT_POLICY, type Policy, policySchema } from "../../src/policy/policy.ts";

const RULE = { id: "refund", phrase: "full refund", message: "m", sides: ["output" as const] };
const BASE: Policy = {
  ...DEFAULT_POLICY,
  stream_mode: "hold_back",
  repair_attempts: 2,
  operator_rules: [RULE],
  canaries: ["canary-1"],
  thresholds: { S1: 0.5 },
  allow: [allowanceOf("a"), allowanceOf("b")],
  scan_roles: ["user"],
};

function allowanceOf(id: string): Policy["allow"][number] {
  return allowanceSchema.parse({ id, rule: "r" });
}

function pathsOf(result: Result<Policy, readonly PolicyFault[]>): readonly string[] {
  return result.ok ? [] : result.error.map(({ path }) => path);
}

describe("what a header may name", () => {
  it.each<[object, object]>([
    [{}, {}],
    [{ stream_mode: "buffer" }, { stream_mode: "buffer" }],
    [{ guidance: "sandwich" }, { guidance: "sandwich" }],
    [{ actions: { output: { offensive: "block" } } }, { actions: { output: { offensive: "block" } } }],
    [{ actions: { input: { default: "block" } } }, { actions: { input: { default: "block" } } }],
    [{ unscannable_parts: "reject" }, { unscannable_parts: "reject" }],
    [
      { store: false, consent: "opt_in" },
      { store: false, consent: "opt_in" },
    ],
    [
      { repair_attempts: 1, max_answer_characters: 1000 },
      { repair_attempts: 1, max_answer_characters: 1000 },
    ],
    [{ thresholds: { S1: 0.4 } }, { thresholds: { S1: 0.4 } }],
    [{ thresholds: { "custom:harmful": 0.1 } }, { thresholds: { S1: 0.5, "custom:harmful": 0.1 } }],
    [{ classifier: { input_threshold: 0.9 } }, { classifier: { input_threshold: 0.9, output_threshold: "shipped" } }],
    [{ canaries: ["canary-2"] }, { canaries: ["canary-2", "canary-1"] }],
    [{ scan_roles: ["tool"] }, { scan_roles: ["tool", "user"] }],
    [{ hard_categories: ["S1"] }, { hard_categories: ["S1", ...DEFAULT_POLICY.hard_categories] }],
    [{ allow: [] }, { allow: [] }],
    [{ allow: [allowanceOf("b")] }, { allow: [allowanceOf("b")] }],
    [{ on_unsupported_language: "block" }, { on_unsupported_language: "block" }],
    [{ operator_rules: [{ ...RULE, id: "two" }] }, { operator_rules: [{ ...RULE, id: "two" }, RULE] }],
  ])("%j", (header, changed) => {
    const stricter = stricterPolicy(BASE, header);
    expect(stricter).toMatchObject({ ok: true, value: changed });
    const version = stricter.ok ? stricter.value.version : "";
    expect(version).toMatch(Object.keys(header).length === 0 ? /^default-2$/ : /^default-2\+header-[0-9a-f]{8}$/);
  });

  it.each<[object | string | null, readonly string[]]>([
    [{ stream_mode: "observe" }, ["stream_mode"]],
    [{ guidance: "off" }, ["guidance"]],
    [{ actions: { output: { S1: "annotate" } } }, ["actions.output.S1"]],
    [{ actions: { output: { default: "annotate" } } }, ["actions.output.default"]],
    [{ actions: { input: { "custom:*": "annotate" } } }, ["actions.input.custom:*"]],
    [{ actions: { output: { "custom:guidance_leak": "repair" } } }, ["actions.output.custom:guidance_leak"]],
    [{ on_guardrail_error: "open" }, ["on_guardrail_error"]],
    [{ on_guardrail_error: { default: "closed", S1: "open" } }, ["on_guardrail_error.S1"]],
    [{ thresholds: { S1: 0.6 } }, ["thresholds.S1"]],
    [{ thresholds: { S2: 0.1 } }, ["thresholds.S2"]],
    [{ thresholds: { "custom:harmful": 0.99 } }, ["thresholds.custom:harmful"]],
    [{ classifier: { output_threshold: null } }, ["classifier.output_threshold"]],
    [{ repair_attempts: 3 }, ["repair_attempts"]],
    [{ max_answer_characters: 3_000_000 }, ["max_answer_characters"]],
    [{ allow: [allowanceOf("c")] }, ["allow[0]"]],
    [{ allow: [{ ...allowanceOf("a"), rule: "other" }] }, ["allow[0]"]],
    [{ operator_rules: [{ ...RULE, phrase: "nothing" }] }, ["operator_rules[0].id"]],
    [{ monitor: true }, ["monitor"]],
    [{ retention_days: 1 }, ["retention_days"]],
    [{ feedback: { window_hours: 1, origins: [] } }, ["feedback"]],
    [{ review: DEFAULT_POLICY.review }, ["review"]],
    [{ version: "mine" }, ["version"]],
    [{ guidence: "off" }, ["guidence"]],
    [{ store: false, stream_mode: "observe", guidance: "off" }, ["guidance", "stream_mode"]],
    [{ canaries: Array.from({ length: 50 }, (_, place) => `another-${place}`) }, ["canaries"]],
    ["block", [""]],
    [null, [""]],
    [[], [""]],
  ])("but not %j", (header, paths) => {
    expect(pathsOf(stricterPolicy(BASE, header))).toEqual(paths);
  });

  it("adds a judge, and changes none that is there", () => {
    const judge = { type: "self_check", id: "judge", sides: ["output"], run: "always" };
    const judged = policySchema.parse({ ...BASE, judges: [judge] });
    const added = { ...judge, id: "another" };
    expect(stricterPolicy(BASE, { judges: [judge] })).toMatchObject({ value: { judges: [{ id: "judge" }] } });
    expect(stricterPolicy(judged, { judges: [judge] }).ok).toBe(true);
    expect(stricterPolicy(judged, { judges: [] })).toMatchObject({ value: { judges: [{ id: "judge" }] } });
    expect(stricterPolicy(judged, { judges: [added] })).toMatchObject({
      value: { judges: [{ id: "judge" }, { id: "another" }] },
    });
    const late = { ...judge, on_timeout: "release_flagged" };
    expect(pathsOf(stricterPolicy(judged, { judges: [late] }))).toEqual(["judges[0].id"]);
    const four = ["a", "b", "c", "d"].map((id) => ({ ...judge, id }));
    expect(pathsOf(stricterPolicy(judged, { judges: four }))).toEqual(["judges"]);
    expect(pathsOf(stricterPolicy(judged, { judge_budget: { checks: 1, milliseconds: 50 } }))).toEqual([
      "judge_budget",
    ]);
  });

  it("lets a judge that it adds ask nobody whom the policy's judges do not ask", () => {
    const guard = { type: "llama_guard", id: "guard", sides: ["output"], upstream: "ours", model: "llama-guard-3" };
    const judged = policySchema.parse({ ...BASE, judges: [guard] });
    const more = { ...guard, id: "more", run: "always", sides: ["input", "output"] };
    const written = { type: "written_policy", id: "more", sides: ["output"], instructions: "i", violates: ["v"] };
    const deployed = { ...written, categories: ["S1"] };
    const faultsOf = (judge: object, policy: Policy = judged): readonly string[] =>
      pathsOf(stricterPolicy(policy, { judges: [judge] }));
    expect([faultsOf(more), faultsOf(deployed), faultsOf(deployed, BASE)]).toEqual([[], [], []]);
    expect(faultsOf(more, BASE)).toEqual(["judges[0].upstream"]);
    expect(faultsOf({ ...more, upstream: "dear" })).toEqual(["judges[0].upstream"]);
    expect(faultsOf({ ...more, model: "dear" })).toEqual(["judges[0].upstream"]);
    expect(faultsOf({ ...more, format: "workers_ai" })).toEqual(["judges[0].upstream"]);
    // It would send the key that another signs with.
    const moderation = { type: "openai_moderation", id: "more", sides: ["output"], upstream: "ours" };
    expect(faultsOf({ ...moderation, model: "llama-guard-3" })).toEqual(["judges[0].upstream"]);
    expect(faultsOf({ ...deployed, model: "dear" })).toEqual(["judges[0].model"]);
    expect(faultsOf({ ...deployed, upstream: "ours" })).toEqual(["judges[0].upstream"]);
    expect(faultsOf({ ...guard, upstream: "dear" })).toEqual(["judges[0].id"]);
  });

  it.each([
    [{ pii: { kinds: ["email"], regions: [], may_repeat: [] } }, []],
    [{ pii: { kinds: [], regions: [], may_repeat: ["user", "system"] } }, ["pii.may_repeat[1]"]],
    [{ deliberate: { risky_from: 0.1, timeout_milliseconds: 100 } }, []],
    [{ deliberate: { risky_from: 0.99, timeout_milliseconds: 100 } }, ["deliberate.risky_from"]],
    [{ classifier: { output_uncertain_from: 0.1 } }, []],
    [{ classifier: { output_uncertain_from: null } }, ["classifier.output_uncertain_from"]],
    [{ answer_checks: { json_schema: false, tool_parameters: false } }, []],
    [{ over_refusals: "ignore" }, ["over_refusals"]],
    [{ poisoning: BASE.poisoning }, ["poisoning"]],
  ])("compares %j", (header, paths) => {
    const result = stricterPolicy(BASE, header);
    expect(result.ok ? [] : pathsOf(result)).toEqual(paths);
    // What is asked for is added to, or kept as it is; a time is the operator's.
    if (result.ok) {
      expect(result.value.pii.kinds).toEqual(BASE.pii.kinds);
      expect(result.value.deliberate.timeout_milliseconds).toBe(BASE.deliberate.timeout_milliseconds);
      expect(result.value.answer_checks).toEqual(BASE.answer_checks);
    }
  });

  it("lets nothing pass that a judge can't read any more since those of the header used up the budget", () => {
    const judge = { type: "self_check", id: "judge", sides: ["output"], run: "always" };
    const keys = { judges: [judge], judge_budget: { checks: 1, milliseconds: 50 }, on_guardrail_error: "open" };
    const before = policySchema.parse({ ...BASE, ...keys });
    const after = stricterPolicy(before, { judges: [{ ...judge, id: "another", sides: ["input"] }] });
    const spent = [failed({ id: "judge", version: "1" }, "output", "the judges' budget of this request is used up")];
    expect(decide(before, spent, guardrails).action).toBe("allow");
    expect(after.ok ? decide(after.value, spent, guardrails).action : after.error).toBe("unavailable");
    expect(stricterPolicy(before, { judges: [judge] })).toMatchObject({ value: { on_guardrail_error: "open" } });
  });

  it("may switch monitor off for itself", () => {
    expect(stricterPolicy({ ...BASE, monitor: true }, { monitor: false })).toMatchObject({ value: { monitor: false } });
  });
});

const CATEGORIES = ["S1", "S7", "offensive", "custom:a", "custom:b", "custom:harmful"] as const;
const lines = fc.dictionary(fc.constantFrom("default", "custom:*", ...CATEGORIES), fc.constantFrom(...ACTIONS));
const whole = lines.map((some) => ({ default: "annotate" as const, ...some }));
const failure = fc.constantFrom("closed" as const, "open" as const);
const failures = fc.oneof(
  failure,
  fc
    .dictionary(fc.constantFrom("default", ...CATEGORIES), failure)
    .map((some) => ({ default: "closed" as const, ...some })),
);
const unsupported = fc.constantFrom("allow" as const, "escalate" as const, "block" as const);
const thresholds = fc.dictionary(fc.constantFrom(...CATEGORIES), fc.double({ min: 0, max: 1, noNaN: true }));

const policies = fc
  .record({
    actions: fc.record({ input: whole, output: whole }),
    on_guardrail_error: failures,
    on_unsupported_language: unsupported,
    thresholds,
  })
  .map((keys): Policy => policySchema.parse({ ...DEFAULT_POLICY, ...keys }));

const headers = fc.record(
  {
    actions: fc.record({ input: lines, output: lines }, { requiredKeys: [] }),
    on_guardrail_error: failures,
    on_unsupported_language: unsupported,
    thresholds,
  },
  { requiredKeys: [] },
);

const guardrails = {
  fast: [
    {
      id: "one",
      version: "1",
      sides: ["output" as const],
      categories: ["S1", "custom:a"],
      check: () => judged(ONE, "output", []),
    },
    { id: "two", version: "1", sides: ["output" as const], categories: [], check: () => judged(TWO, "output", []) },
  ],
  slow: [],
};
const ONE = { id: "one", version: "1" };
const TWO = { id: "two", version: "1" };

const verdicts: fc.Arbitrary<readonly Verdict[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom(ONE, TWO),
      fc.constantFrom("input" as const, "output" as const),
      fc.constantFrom("error", "flag", UNSUPPORTED_LANGUAGE, "other"),
      fc.constantFrom(...CATEGORIES),
      fc.boolean(),
    )
    .map(([identity, side, status, category, placed]) => {
      if (status === "error") return failed(identity, side, "it broke");
      if (status !== "flag") return skipped(identity, side, status);
      const span = placed ? { location: "content", start: 0, end: 1 } : null;
      return judged(identity, side, [{ rule: "r", category, span, message: "m" }]);
    }),
  { maxLength: 4 },
);

function strictnessOf(policy: Policy, given: readonly Verdict[]): number {
  const { action } = decide(policy, given, guardrails);
  return action === "unavailable" ? ACTIONS.length : ACTIONS.indexOf(action);
}

describe("for any policy and any header", () => {
  it("what is decided is never looser", () => {
    let accepted = 0;
    fc.assert(
      fc.property(policies, headers, fc.array(verdicts, { maxLength: 8 }), (before, header, given) => {
        const after = stricterPolicy(before, header);
        if (!after.ok) return;
        accepted += 1;
        for (const each of given) {
          const [old, now] = [strictnessOf(before, each), strictnessOf(after.value, each)];
          // A block and «unavailable» both let nothing through.
          expect(Math.min(now, ACTIONS.indexOf("block"))).toBeGreaterThanOrEqual(
            Math.min(old, ACTIONS.indexOf("block")),
          );
        }
        for (const [category, threshold] of Object.entries(before.thresholds)) {
          expect(after.value.thresholds[category]).toBeLessThanOrEqual(threshold);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it("its own keys are none that would make it looser", () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const {
          version: _version,
          retention_days: _days,
          feedback: _feedback,
          analysis: _analysis,
          review: _review,
          judge_budget: _budget,
          over_refusals: _overRefusals,
          poisoning: _poisoning,
          operator_rules: _rules,
          ...own
        } = policy;
        expect(pathsOf(stricterPolicy(policy, own))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("it never throws, and what it accepts is a policy", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...Object.keys(BASE)), fc.jsonValue())),
        (header) => {
          const after = stricterPolicy(BASE, header);
          if (after.ok) expect(policySchema.safeParse(after.value).success).toBe(true);
          else expect(after.error.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
