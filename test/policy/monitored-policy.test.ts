// A policy under monitor: whatever is found, nothing is withheld; and what is allowed stays unseen.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { decide } from "../../src/guardrail/decide.ts";
import { UNSUPPORTED_LANGUAGE } from "../../src/guardrail/unsupported-language.ts";
import { failed, judged, skipped } from "../../src/guardrail/verdicts.ts";
import { monitoredPolicy } from "../../src/policy/monitored-policy.ts";
import { ACTIONS, DEFAULT_POLICY } from "../../src/policy/policy.ts";

const IDENTITY = { id: "one", version: "1" };
const SIDES = ["input", "output"] as const;

it("withholds nothing, whatever its lines say", () => {
  const actions = fc.constantFrom(...ACTIONS);
  fc.assert(
    fc.property(actions, actions, actions, fc.constantFrom(...SIDES), (one, any, rest, side) => {
      const lines = { S1: one, "custom:*": any, default: rest };
      const written = {
        ...DEFAULT_POLICY,
        actions: { input: lines, output: lines },
        on_unsupported_language: "block" as const,
      };
      const policy = monitoredPolicy(written);
      for (const category of ["S1", "S2", "custom:a"] as const) {
        const flag = judged(IDENTITY, side, [{ rule: "r", category, span: null, message: "m" }]);
        const verdicts = [flag, failed(IDENTITY, side, "broke"), skipped(IDENTITY, side, UNSUPPORTED_LANGUAGE)];
        const { action } = decide(policy, verdicts, { fast: [], slow: [] });
        const before = { S1: one, S2: rest, "custom:a": any }[category];
        expect(action).toBe(before === "allow" ? "allow" : "annotate");
      }
    }),
  );
});

it("tells itself apart by its version, and keeps everything that withholds nothing", () => {
  const policy = monitoredPolicy({ ...DEFAULT_POLICY, unscannable_parts: "reject", store: false });
  expect(policy).toMatchObject({
    ...{ version: "default-1+monitor", monitor: true, stream_mode: "observe" },
    ...{ unscannable_parts: "allow", on_guardrail_error: "open", store: false, guidance: "sandwich" },
  });
});
