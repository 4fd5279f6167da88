// What the judges of one request may take together.
import { expect, it } from "vitest";
import { JudgeBudget } from "../../src/guardrail/judge-budget.ts";

it("is used up by checks", () => {
  const budget = new JudgeBudget({ checks: 2, milliseconds: 100 });
  expect([budget.take(), budget.take(), budget.take()]).toEqual([100, 100, null]);
});

it("is used up by time, and leaves a check no more than there is", () => {
  const budget = new JudgeBudget({ checks: 9, milliseconds: 100 });
  budget.spend(60);
  expect(budget.take()).toBe(40);
  budget.spend(60);
  expect(budget.take()).toBeNull();
});
