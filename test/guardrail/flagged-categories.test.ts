// What verdicts flagged.
import { expect, it } from "vitest";
import { flaggedCategories, flaggedFindings } from "../../src/guardrail/flagged-categories.ts";
import type { Finding } from "../../src/guardrail/verdict.ts";
import { failed, judged, skipped } from "../../src/guardrail/verdicts.ts";

const identity = { id: "one", version: "1" };
const finding = (category: Finding["category"]): Finding => ({ rule: "r", category, span: null, message: "m" });

it("names each category once, and only what was flagged", () => {
  const verdicts = [
    judged(identity, "output", [finding("S1"), finding("S2")]),
    judged(identity, "output", [finding("S1")]),
    judged(identity, "output", []),
    { ...failed(identity, "output", "broke"), findings: [finding("S3")] },
    skipped(identity, "output", "not asked for"),
  ];
  expect(flaggedCategories(verdicts)).toEqual(["S1", "S2"]);
  expect(flaggedFindings(verdicts)).toHaveLength(3);
});
