// Sketches: what is alike is found alike, in any order of making, and what is not is not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandsOf, likeness, NEAR, sketchOf } from "../../src/mistake/min-hash.ts";
import { TOPICS } from "../fixtures/near-duplicates.ts";

const TEXTS = TOPICS.map((turns) => turns.join(" "));

describe("a sketch", () => {
  it("is the same for the same text, 128 characters, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const sketch = sketchOf(text);
        expect(sketch).toBe(sketchOf(text));
        expect(sketch).toMatch(/^[\w-]{128}$/);
        expect(likeness(sketch, sketch)).toBe(1);
        const bands = bandsOf("prj_1", sketch);
        expect(bands).toHaveLength(6);
        expect(bands.every((band) => Number.isSafeInteger(band) && band >= 0)).toBe(true);
      }),
    );
  });

  it("is near for a text with a word changed, and shares a band with it", () => {
    for (const text of TEXTS) {
      const [one, other] = [sketchOf(text), sketchOf(text.replace(/\w+\W*$/, "instead."))];
      expect(likeness(one, other)).toBeGreaterThan(NEAR);
      expect(bandsOf("prj_1", other).some((band) => bandsOf("prj_1", one).includes(band))).toBe(true);
    }
  });

  it("is far for another text, and shares no band with it, nor with the same text of another project", () => {
    const sketches = TEXTS.map(sketchOf);
    for (const [index, sketch] of sketches.entries()) {
      for (const other of sketches.slice(index + 1)) {
        expect(likeness(sketch, other)).toBeLessThan(0.2);
        expect(bandsOf("prj_1", other).some((band) => bandsOf("prj_1", sketch).includes(band))).toBe(false);
      }
      expect(bandsOf("prj_2", sketch).some((band) => bandsOf("prj_1", sketch).includes(band))).toBe(false);
    }
  });

  it("estimates how many shingles two texts have in common", () => {
    const words = Array.from({ length: 400 }, (_, index) => `${(index * 7919) % 9973}`);
    const half = [...words.slice(0, 200), ...words.slice(200).map((word) => `${word}x${word}`)];
    expect(likeness(sketchOf(words.join(" ")), sketchOf(half.join(" ")))).toBeGreaterThan(0.15);
    expect(likeness(sketchOf(words.join(" ")), sketchOf(half.join(" ")))).toBeLessThan(0.75);
  });
});
