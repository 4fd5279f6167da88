// Numbers of a query: a text that JavaScript would count as 0 without being one is refused, and says why.
import { expect, it } from "vitest";
import { z } from "zod";
import { queryNumber } from "../../src/wire/query-number.ts";

const schema = z.object({ at: queryNumber(z.coerce.number().int().min(0).max(9)).optional() });

it.each([
  [{}, {}],
  [{ at: "0" }, { at: 0 }],
  [{ at: "9" }, { at: 9 }],
])("reads %j", (query, read) => {
  expect(schema.parse(query)).toEqual(read);
});

it.each(["", " ", "\t\n", "\u{a0}"])("refuses %j as empty", (at) => {
  const { error } = schema.safeParse({ at });
  expect(error?.issues.map(({ path, message }) => [...path, message])).toEqual([
    ["at", "is empty: give a number, or leave it out"],
  ]);
});

it.each(["-1", "10", "1.5", "all"])("leaves %j to the number's own bounds", (at) => {
  expect(schema.safeParse({ at }).success).toBe(false);
});
