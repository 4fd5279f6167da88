// The shapes of verdicts.
import { expect, it } from "vitest";
import { failed, judged, skipped } from "../../src/guardrail/verdicts.ts";

const identity = { id: "one", version: "2" };
const shape = {
  guardrail: "one",
  version: "2",
  side: "input",
  reason: null,
  score: null,
  threshold: null,
  latencyMilliseconds: null,
  rationale: null,
  findings: [],
};
const finding = { rule: "r", category: "S1" as const, span: null, message: "m" };

it.each([
  ["a pass", judged(identity, "input", []), { ...shape, status: "pass" }],
  ["a flag", judged(identity, "input", [finding]), { ...shape, status: "flag", findings: [finding] }],
  [
    "a score that flags nothing",
    judged(identity, "input", [], { score: 0.4, threshold: 0.5 }),
    { ...shape, status: "pass", score: 0.4, threshold: 0.5 },
  ],
  ["an error", failed(identity, "input", "broke"), { ...shape, status: "error", reason: "broke" }],
  ["a check that did not run", skipped(identity, "input", "off"), { ...shape, status: "skipped", reason: "off" }],
])("%s", (_name, verdict, expected) => {
  expect(verdict).toEqual(expected);
});
