// The split. Law: disjoint by normalised prompt, whatever brings the prompt.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partOf, PARTS } from "../../../scripts/train-classifier/split.ts";

describe("partOf", () => {
  it("puts prompts that differ in case, width or punctuation into one part", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (prompt, first, second) => {
        const asked = `Ask ${prompt}`;
        expect(partOf(` ${asked}! `, first)).toBe(partOf(asked, second));
      }),
    );
  });

  it("goes by the answer where there is no prompt", () => {
    const parts = new Set(Array.from({ length: 200 }, (_, index) => partOf("", `text ${index}`)));
    expect(parts.size).toBe(PARTS.length);
  });

  it("gives each part about its share", () => {
    const parts = Array.from({ length: 4000 }, (_, index) => partOf(`prompt ${index}`));
    const share = (part: string): number => parts.filter((one) => one === part).length / parts.length;
    expect(share("fit")).toBeCloseTo(0.83, 1);
    expect(share("calibration")).toBeCloseTo(0.12, 1);
    expect(share("test")).toBeCloseTo(0.05, 1);
  });
});
