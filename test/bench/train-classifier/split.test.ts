// The split. Law: disjoint by attack family and by wording, whatever brings a text.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ATTACK_FAMILIES, attackFamily, type AttackFamily } from "../../../scripts/train-classifier/attack-families.ts";
import { createSplit, PARTS, type SplitText } from "../../../scripts/train-classifier/split.ts";

const FAMILIES: readonly AttackFamily[] = [
  { name: "wrapped", technique: "a wrapper", part: "fit", rows: [{ set: "artifacts", label: "WRAP" }] },
  { name: "told", technique: "a tale", part: "test", rows: [{ set: "artifacts", label: "TALE" }] },
];

function outright(text: string): SplitText {
  return { text, family: null };
}

describe("createSplit", () => {
  it("puts texts that differ in case, width or punctuation into one part", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const asked = `Ask ${text}`;
        const partOf = createSplit([], [outright(asked), outright(` ${asked}! `)], []);
        expect(partOf(outright(` ${asked}! `))).toBe(partOf(outright(asked)));
      }),
    );
  });

  it("puts a template and all that fill it into one part", () => {
    const filled = Array.from({ length: 40 }, (_, place) =>
      outright(`Once upon a time a baker was asked how the cake number ${place} is made, and the baker said`),
    );
    const partOf = createSplit([], filled, []);
    expect(new Set(filled.map(partOf)).size).toBe(1);
  });

  it("gives each part about its share of texts with nothing in common", () => {
    const texts = Array.from({ length: 2000 }, (_, index) => outright(`cake${index} plum${index} tart${index}`));
    const partOf = createSplit([], texts, []);
    const parts = texts.map(partOf);
    const share = (part: string): number => parts.filter((one) => one === part).length / parts.length;
    expect(PARTS.map(share).every((one) => one > 0.02)).toBe(true);
    expect(share("fit")).toBeCloseTo(0.83, 1);
  });

  it("keeps a family whole, in the part that the table says", () => {
    const told = Array.from({ length: 50 }, (_, place) => ({ text: `tale${place} of${place} cakes`, family: "told" }));
    const partOf = createSplit(FAMILIES, told, []);
    expect(new Set(told.map(partOf))).toEqual(new Set(["test"]));
  });

  it("has no part for what is measured, nor for what nearly says the same", () => {
    const measured = "How many plums does one need for the cake of the whole school?";
    const near = outright("How many plums does one need for the tart of the whole school?");
    const partOf = createSplit(FAMILIES, [near], [measured]);
    expect(partOf(near)).toBeNull();
    expect(partOf(outright(measured))).toBeNull();
  });

  it("leaves out a text that two families of different parts share", () => {
    const text = "the same words in both";
    const partOf = createSplit(
      FAMILIES,
      [
        { text, family: "wrapped" },
        { text, family: "told" },
      ],
      [],
    );
    expect([partOf({ text, family: "wrapped" }), partOf({ text, family: "told" })]).toEqual([null, "test"]);
  });

  it("has no part for a family that the table lacks", () => {
    const text = { text: "some words", family: "unheard of" };
    expect(createSplit(FAMILIES, [text], [])(text)).toBeNull();
  });
});

describe("ATTACK_FAMILIES", () => {
  it("claims each row once", () => {
    const rows = ATTACK_FAMILIES.flatMap((family) => family.rows.map(({ set, label }) => `${set}/${label ?? ""}`));
    expect(new Set(rows).size).toBe(rows.length);
    expect(new Set(ATTACK_FAMILIES.map(({ name }) => name)).size).toBe(ATTACK_FAMILIES.length);
  });

  it("never fits what the guidance's experiment is tested with, nor injections", () => {
    const parts = new Map(ATTACK_FAMILIES.map(({ name, part }) => [name, part]));
    for (const [set, label] of [
      ["xsafety", "goal_hijacking"],
      ["xsafety", "prompt_leaking"],
      ["prompt_injection", "virtualization"],
    ] as const) {
      expect(parts.get(attackFamily(set, label) ?? "")).toBe("test");
    }
  });

  it("tells a method of a set from the rest", () => {
    expect(attackFamily("jbb_artifacts", "PAIR")).toBe("rewritten_by_model");
    expect(attackFamily("jbb_artifacts", "GCG")).toBe("optimised_suffix");
    expect(attackFamily("advbench", null)).toBeNull();
  });
});
