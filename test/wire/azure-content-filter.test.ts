// Azure's shape of a filter's results, over every category.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATEGORY_TITLES } from "../../src/policy/category.ts";
import { contentFilterResults } from "../../src/wire/azure-content-filter.ts";

const SAFE = { filtered: false, severity: "safe" };
const HIGH = { filtered: true, severity: "high" };
const NOTHING = { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: SAFE };

describe("contentFilterResults", () => {
  it.each([
    ["S1", { violence: HIGH }],
    ["S3", { sexual: HIGH }],
    ["S4", { sexual: HIGH }],
    ["S9", { violence: HIGH }],
    ["S10", { hate: HIGH }],
    ["S11", { self_harm: HIGH }],
    ["S12", { sexual: HIGH }],
    ["prompt_attack", { jailbreak: { filtered: true, detected: true } }],
    ["offensive", { profanity: { filtered: true, detected: true } }],
    ["S2", { custom_blocklists: { filtered: true, details: [{ filtered: true, id: "S2" }] } }],
    ["custom:refund", { custom_blocklists: { filtered: true, details: [{ filtered: true, id: "custom:refund" }] } }],
  ])("%s", (category, expected) => {
    expect(contentFilterResults([{ category, filtered: true }])).toEqual({ ...NOTHING, ...expected });
  });

  it("has Azure's four severities even where nothing was found", () => {
    expect(contentFilterResults([])).toEqual(NOTHING);
  });

  it("is filtered where any one category of the field is", () => {
    const mixed = [
      { category: "S3", filtered: true },
      { category: "S12", filtered: false },
      { category: "custom:a", filtered: false },
      { category: "custom:b", filtered: true },
    ];
    const results = contentFilterResults(mixed);
    expect(results.sexual).toEqual(HIGH);
    expect(results.custom_blocklists?.filtered).toBe(true);
    expect(results.custom_blocklists?.details.map(({ filtered }) => filtered)).toEqual([false, true]);
  });

  it("loses no category, whichever come together", () => {
    const flagged = fc.record({
      category: fc.constantFrom(...Object.keys(CATEGORY_TITLES), "custom:harmful"),
      filtered: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.uniqueArray(flagged, { selector: ({ category }) => category }), (categories) => {
        const { custom_blocklists: blocklists, ...fields } = contentFilterResults(categories);
        const anyFiltered = [...Object.values(fields), ...(blocklists === undefined ? [] : [blocklists])].some(
          ({ filtered }) => filtered,
        );
        expect(anyFiltered).toBe(categories.some(({ filtered }) => filtered));
      }),
    );
  });
});
