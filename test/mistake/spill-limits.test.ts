// Sizes are bytes of UTF-8, as they are sent.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isTooLargeInline,
  MAX_INLINE_EXCHANGE_BYTES,
  MAX_INLINE_TEXT_BYTES,
  utf8Bytes,
} from "../../src/mistake/spill-limits.ts";
import { anyText } from "../fixtures/arbitrary.ts";

describe("utf8Bytes", () => {
  it("counts what TextEncoder writes, lone surrogates included", () => {
    fc.assert(
      fc.property(
        fc.array(anyText).map((texts) => texts.join("")),
        (text) => {
          expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).byteLength);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("isTooLargeInline", () => {
  const half = MAX_INLINE_TEXT_BYTES;
  it.each<[string, unknown, boolean]>([
    ["a text at the limit", ["a".repeat(half)], false],
    ["a text one byte above it", ["a".repeat(half + 1)], true],
    ["a Chinese text at the limit", { a: { b: "界".repeat(Math.floor(half / 3)) } }, false],
    ["a Chinese text above it, with far fewer characters", { a: [{ b: "界".repeat(Math.floor(half / 3) + 1) }] }, true],
    ["three texts at the limit, whose JSON is above the whole's", Array(3).fill("a".repeat(half)), true],
    ["a text that is small until it is JSON", ["\u0000".repeat(Math.floor(MAX_INLINE_EXCHANGE_BYTES / 6))], true],
    ["a long key", { ["k".repeat(MAX_INLINE_EXCHANGE_BYTES)]: 1 }, true],
    ["nothing", null, false],
  ])("of %s", (_, value, expected) => {
    expect(isTooLargeInline(value)).toBe(expected);
  });
});
