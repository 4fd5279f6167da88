// Prices: which one counts, and that rounding never loses money.
import fc from "fast-check";
import { expect, it } from "vitest";
import { priceList } from "../../src/access/price-list.ts";

const priceOf = priceList({
  "gpt-4o": { input: 2.5, output: 10 },
  "gpt-4o-mini": { input: 0.15, output: 0.6 },
  "*": { input: 1, output: 1 },
});

it.each([
  ["gpt-4o", 1_000_000, 0, 2_500_000],
  ["gpt-4o", 0, 1_000_000, 10_000_000],
  ["gpt-4o-2024-08-06", 2, 0, 5],
  ["gpt-4o-mini", 1_000, 0, 150],
  ["gpt-4o-mini-2024-07-18", 1_000, 0, 150],
  ["gpt-4o-audio", 7, 0, 7],
  ["another", 7, 3, 10],
])("a call of %s with %d and %d tokens costs %d micro-dollars", (model, promptTokens, completionTokens, cost) => {
  expect(priceOf({ model, promptTokens, completionTokens })).toBe(cost);
});

it("rounds a call up, and is never off by a float's dust", () => {
  expect(priceOf({ model: "gpt-4o-mini", promptTokens: 1, completionTokens: 0 })).toBe(1);
  expect(priceList({ m: { input: 1.1, output: 0 } })({ model: "m", promptTokens: 10, completionTokens: 0 })).toBe(11);
});

it("knows no price where there is none", () => {
  for (const prices of [{}, { other: { input: 1, output: 1 } }]) {
    expect(priceList(prices)({ model: "m", promptTokens: 10, completionTokens: 10 })).toBe(0);
  }
});

it("is a whole number, at least what the tokens cost, and less than one more", () => {
  const thousandths = fc.nat(100_000).map((count) => count / 1_000);
  fc.assert(
    fc.property(thousandths, thousandths, fc.nat(10_000_000), fc.nat(10_000_000), (input, output, prompt, answer) => {
      const cost = priceList({ m: { input, output } })({ model: "m", promptTokens: prompt, completionTokens: answer });
      const exact = (prompt * Math.round(input * 1_000) + answer * Math.round(output * 1_000)) / 1_000;
      expect(Number.isSafeInteger(cost)).toBe(true);
      expect(cost).toBeGreaterThanOrEqual(exact);
      expect(cost).toBeLessThan(exact + 1);
    }),
  );
});
