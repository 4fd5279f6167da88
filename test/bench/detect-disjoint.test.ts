// Whether a crossing is found. Law: a prompt, a wording or a family in two parts is told, whoever split them.
import { describe, expect, it } from "vitest";
import {
  compareSplits,
  disjointLines,
  isDisjoint,
  learntLookUp,
  type LearntText,
} from "../../bench/detect-disjoint.ts";
import type { AttackFamily } from "../../scripts/train-classifier/attack-families.ts";

const FAMILIES: readonly AttackFamily[] = [
  { name: "wrapped", technique: "a wrapper", part: "fit", rows: [] },
  { name: "told", technique: "a tale", part: "test", rows: [] },
];
const LEARNT: readonly LearntText[] = [
  { text: "Where do plums grow in the north?", family: null, part: "fit" },
  { text: "Please, please: who sells tarts?", family: "wrapped", part: "fit" },
  { text: "Which oven is the hottest of all?", family: null, part: "calibration" },
  { text: "A tale of a stolen cake", family: "told", part: "test" },
];
const MEASURED = ["Is the moon made of cheese?", "A tale of a stolen cake"];

describe("compareSplits", () => {
  it("finds nothing where nothing crosses", () => {
    const found = compareSplits(FAMILIES, LEARNT, MEASURED);
    expect(isDisjoint(found)).toBe(true);
    expect(found).toMatchObject({ learntPrompts: 3, measuredPrompts: 2, families: { told: { test: 1 } } });
  });

  it("finds a measured prompt that was fitted, however it is written", () => {
    const found = compareSplits(FAMILIES, LEARNT, [...MEASURED, "WHERE do plums grow, in the north"]);
    expect(found.sharedPrompts).toBe(1);
    expect(isDisjoint(found)).toBe(false);
  });

  it("finds a measured prompt in nearly the words of one that was calibrated on", () => {
    const found = compareSplits(FAMILIES, LEARNT, ["Which stove is the hottest of all?"]);
    expect(found).toMatchObject({ sharedPrompts: 0, sharedWordings: 1 });
    expect(isDisjoint(found)).toBe(false);
  });

  it("finds a wording that is fitted and calibrated on", () => {
    const again = { text: "Which oven is the hottest of all ovens?", family: null, part: "fit" } as const;
    expect(isDisjoint(compareSplits(FAMILIES, [...LEARNT, again], MEASURED))).toBe(false);
  });

  it("finds a family in two parts", () => {
    const crossing = { text: "Another tale altogether", family: "told", part: "fit" } as const;
    const found = compareSplits(FAMILIES, [...LEARNT, crossing], MEASURED);
    expect(found.familiesInTwoParts).toEqual(["told"]);
    expect(isDisjoint(found)).toBe(false);
  });

  it("prints counts, never texts", () => {
    const lines = disjointLines(compareSplits(FAMILIES, LEARNT, MEASURED)).join("\n");
    expect(lines).toContain("told test 1");
    expect(lines).not.toContain("plums");
  });
});

it("what was learnt is known again in nearly its words, and what is of the test part is not", () => {
  const isLearnt = learntLookUp(LEARNT);
  expect(isLearnt("Where do plums grow in the south?")).toBe(true);
  expect(isLearnt("A tale of a stolen cake")).toBe(false);
});
