// The words around a place.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { excerptOf, MOST_EXCERPT_UNITS } from "../../../src/generation/why/excerpt.ts";
import { anyText } from "../../fixtures/arbitrary.ts";

it("is what stands before, in and after the place", () => {
  expect(excerptOf("You get a full refund today.", { start: 10, end: 21 })).toEqual({
    before: "You get a ",
    match: "full refund",
    after: " today.",
  });
  expect(excerptOf("short", { start: 3, end: 9 })).toBeNull();
});

it("is bounded and well-formed for any text and any place", () => {
  fc.assert(
    fc.property(anyText, fc.nat(40), fc.nat(300), fc.nat(300), (text, times, start, length) => {
      const excerpt = excerptOf(text.repeat(times), { start, end: start + length });
      const parts: readonly string[] = excerpt === null ? [] : [excerpt.before, excerpt.match, excerpt.after];
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(MOST_EXCERPT_UNITS);
        expect(part).toBe(part.toWellFormed());
      }
    }),
  );
});
