// What is a category.
import { expect, it } from "vitest";
import { CATEGORY_TITLES, isCategory } from "../../src/policy/category.ts";

it.each([...Object.keys(CATEGORY_TITLES), "custom:refund", "custom:a-b_9"])("%s is one", (name) => {
  expect(isCategory(name)).toBe(true);
});

it.each([
  "",
  "S15",
  "s1",
  "custom:",
  "custom:*",
  "custom:Refund",
  `custom:${"a".repeat(65)}`,
  "constructor",
  "toString",
])("%j is none", (name) => {
  expect(isCategory(name)).toBe(false);
});
