// Paging: how it is asked for, and what a page says of the next.
import { expect, it } from "vitest";
import { listOf, pageQuerySchema } from "../../src/wire/page-query.ts";

it.each([
  [{}, { limit: 20 }],
  [
    { limit: "100", cursor: "mis_1" },
    { limit: 100, cursor: "mis_1" },
  ],
])("reads %j", (query, page) => {
  expect(pageQuerySchema.parse(query)).toEqual(page);
});

it.each([{ limit: "" }, { limit: "0" }, { limit: "101" }, { limit: "1.5" }, { limit: "all" }, { cursor: "" }])(
  "refuses %j",
  (query) => {
    expect(pageQuerySchema.safeParse(query).success).toBe(false);
  },
);

it("points to the next page by the last id, and to nothing after the last page", () => {
  const items = [{ id: "b" }, { id: "a" }];
  expect(listOf(items, true)).toEqual({ object: "list", data: items, has_more: true, next_cursor: "a" });
  expect(listOf(items, false).next_cursor).toBeNull();
  expect(listOf([], false)).toEqual({ object: "list", data: [], has_more: false, next_cursor: null });
});
