// From categories to the kind of a mistake.
import { expect, it } from "vitest";
import { mistakeKind } from "../../src/mistake/mistake-kind.ts";
import type { Category } from "../../src/policy/category.ts";

it.each<[Category[], string]>([
  [["S1"], "harmful"],
  [["S14"], "harmful"],
  [["custom:harmful"], "harmful"],
  [["prompt_leak"], "leaked"],
  [["prompt_attack"], "hijacked"],
  [["offensive"], "offensive"],
  [["incorrect"], "incorrect"],
  [["pii"], "leaked"],
  [["over_refusal"], "over_refusal"],
  [["over_refusal", "offensive"], "offensive"],
  [["custom:refund", "over_refusal"], "over_refusal"],
  [["custom:refund"], "other"],
  [[], "other"],
  [["offensive", "S10"], "harmful"],
  [["custom:refund", "incorrect"], "incorrect"],
  [["S1", "prompt_leak", "offensive"], "leaked"],
  [["offensive", "prompt_attack"], "hijacked"],
])("%j is %s", (categories, kind) => {
  expect(mistakeKind(categories)).toBe(kind);
  expect(mistakeKind(categories.toReversed())).toBe(kind);
});
