// Rows as JSON parameters: none above the limit, nothing lost, nothing out of order.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { jsonParameters, MAX_PARAMETER_BYTES } from "../../../src/adapters/d1/json-parameter.ts";
import { anyText } from "../../fixtures/arbitrary.ts";

const rowsSchema = z.array(z.object({ text: z.string() }));
const bytesOf = (text: string): number => new TextEncoder().encode(text).byteLength;

describe("jsonParameters", () => {
  it("gives all rows back in order, in parameters within the limit", () => {
    const row = fc.oneof(
      anyText,
      fc
        .tuple(fc.constantFrom("a", "界", "\u0000", "😀"), fc.integer({ min: 1, max: 160_000 }))
        .map(([unit, times]) => unit.repeat(times)),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (texts) => {
        const parameters = jsonParameters(texts.map((text) => ({ text })));
        expect(parameters.every((parameter) => bytesOf(parameter) <= MAX_PARAMETER_BYTES)).toBe(true);
        const back = parameters.flatMap((parameter) => rowsSchema.parse(JSON.parse(parameter)));
        expect(back).toEqual(texts.map((text) => ({ text })));
      }),
      { numRuns: 40 },
    );
  });

  it("makes one parameter of many small rows, and none of no rows", () => {
    expect(jsonParameters(Array.from({ length: 5_000 }, (_, row) => ({ row })))).toHaveLength(1);
    expect(jsonParameters([])).toEqual([]);
  });

  it("throws for a row that no parameter can hold, and fills one to the last byte", () => {
    const largest = MAX_PARAMETER_BYTES - bytesOf(JSON.stringify([{ text: "" }]));
    expect(jsonParameters([{ text: "a".repeat(largest) }])).toHaveLength(1);
    expect(() => jsonParameters([{ text: "a".repeat(largest + 1) }])).toThrow(RangeError);
  });
});
