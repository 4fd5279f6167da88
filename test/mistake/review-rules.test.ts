// What the policy's key `review` says of one mistake.
import fc from "fast-check";
import { expect, it } from "vitest";
import { isWaived, neededVoices, queueEntriesOf } from "../../src/mistake/review-rules.ts";
import { MISTAKE_KINDS, MISTAKE_SOURCES } from "../../src/mistake/mistake.ts";
import { ACTIONS } from "../../src/policy/policy.ts";
import { DEFAULT_REVIEW_POLICY, type ReviewPolicy } from "../../src/policy/review-policy.ts";
import { capturedMistake } from "../fixtures/records.ts";

const MISTAKE = capturedMistake("prj_1", {
  ...{ kind: "leaked", source: "import", categories: ["S7", "pii"], action: "annotate", releasedCharacters: 10 },
}).mistake;

function reasons(enqueue: ReviewPolicy["enqueue"]): readonly string[] {
  return queueEntriesOf({ ...DEFAULT_REVIEW_POLICY, enqueue }, MISTAKE).map(({ reason }) => reason);
}

it.each<[Partial<ReviewPolicy["enqueue"][number]>, boolean]>([
  [{}, true],
  [{ kinds: ["leaked", "other"] }, true],
  [{ kinds: [] }, false],
  [{ kinds: ["other"] }, false],
  [{ categories: ["pii"] }, true],
  [{ categories: ["S1"] }, false],
  [{ sources: ["import"] }, true],
  [{ sources: ["production"] }, false],
  [{ actions: ["annotate"] }, true],
  [{ actions: ["block"] }, false],
  [{ released_characters_from: 10 }, true],
  [{ released_characters_from: 11 }, false],
  [{ kinds: ["leaked"], sources: ["production"] }, false],
])("a rule of %j holds: %s", (rule, holds) => {
  expect(reasons([{ reason: "r", priority: 1, ...rule }])).toEqual(holds ? ["r"] : []);
});

it("leaves to the store what only the store knows, and stops behind the first rule that holds in any case", () => {
  const rules = [
    { reason: "no", priority: 1, kinds: ["other" as const] },
    { reason: "quarantined", priority: 1, quarantined: true as const },
    { reason: "large", priority: 2, cluster_size_from: 3 },
    { reason: "certain", priority: 3 },
    { reason: "later", priority: 4 },
  ];
  expect(reasons(rules)).toEqual(["quarantined", "large", "certain"]);
  expect(reasons(rules.slice(0, 3))).toEqual(["quarantined", "large"]);
  expect(queueEntriesOf({ ...DEFAULT_REVIEW_POLICY, enqueue: rules }, MISTAKE)[1]).toEqual({
    ...{ mistakeId: MISTAKE.id, projectId: "prj_1", priority: 2, reason: "large", enqueuedAt: MISTAKE.createdAt },
    ...{ quarantines: null, clusterSizeFrom: 3 },
  });
});

it("by default queues every mistake there can be, and waives none", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...MISTAKE_KINDS),
      fc.constantFrom(...MISTAKE_SOURCES),
      fc.constantFrom(...ACTIONS),
      fc.nat(),
      (kind, source, action, releasedCharacters) => {
        const mistake = { ...MISTAKE, kind, source, action, releasedCharacters };
        expect(queueEntriesOf(DEFAULT_REVIEW_POLICY, mistake).some(({ quarantines }) => quarantines === null)).toBe(
          true,
        );
        expect(isWaived(DEFAULT_REVIEW_POLICY, mistake)).toBe(false);
        expect(neededVoices(DEFAULT_REVIEW_POLICY, mistake, [])).toBe(1);
      },
    ),
  );
});

it("needs two voices by category, by source, or where an earlier review did, and waives none of these", () => {
  const policy: ReviewPolicy = {
    ...DEFAULT_REVIEW_POLICY,
    second: { categories: ["S1"], sources: ["import"], voices: "keys" },
    waive: ["production", "import"],
  };
  const of = (source: "production" | "import", category: "S1" | "S2") => ({ source, categories: [category] });
  expect(neededVoices(policy, of("production", "S2"), [])).toBe(1);
  expect(neededVoices(policy, of("production", "S1"), [])).toBe(2);
  expect(neededVoices(policy, of("import", "S2"), [])).toBe(2);
  expect(neededVoices(policy, of("production", "S2"), [{ required: 1 }, { required: 2 }])).toBe(2);
  expect(isWaived(policy, of("production", "S2"))).toBe(true);
  expect(isWaived(policy, of("production", "S1"))).toBe(false);
  expect(isWaived(policy, of("import", "S2"))).toBe(false);
});
