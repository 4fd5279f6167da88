// Vendors' labels: each has a category of ours, and what has none is no label.
import { describe, expect, it } from "vitest";
import { isCategory } from "../../src/policy/category.ts";
import {
  CATEGORY_LABELS,
  labelledCategories,
  labelledCategory,
  type LabelVendor,
} from "../../src/policy/category-labels.ts";
import { MODERATION_CATEGORIES } from "../../src/wire/moderation.ts";

const VENDORS: readonly LabelVendor[] = ["llama_guard", "openai_moderation", "azure", "qwen3guard"];

describe("category labels", () => {
  it.each(VENDORS)("of %s are all categories of ours", (vendor) => {
    const labels = Object.keys(CATEGORY_LABELS[vendor]);
    const categories = labels.map((label) => labelledCategory(vendor, label));
    expect(categories.every((category) => category !== null && isCategory(category))).toBe(true);
    expect(new Set(labelledCategories(vendor))).toEqual(new Set(categories));
  });

  it("are as many as the vendors document", () => {
    expect(VENDORS.map((vendor) => Object.keys(CATEGORY_LABELS[vendor]).length)).toEqual([14, 13, 6, 9]);
    expect(Object.keys(CATEGORY_LABELS.openai_moderation).sort()).toEqual([...MODERATION_CATEGORIES].sort());
  });

  it.each(["S15", "s1", "", "violence ", "constructor", "__proto__", "None"])("do not hold %j", (label) => {
    for (const vendor of VENDORS) expect(labelledCategory(vendor, label)).toBeNull();
  });
});
