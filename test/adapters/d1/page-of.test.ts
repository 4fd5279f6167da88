// A page out of one row more than it shows.
import { expect, it } from "vitest";
import { pageOf } from "../../../src/adapters/d1/page-of.ts";

it.each([
  [[], 2, [], false],
  [[3, 2], 2, [3, 2], false],
  [[3, 2, 1], 2, [3, 2], true],
])("of %j with limit %d shows %j, and more: %s", (rows, limit, items, hasMore) => {
  expect(pageOf(rows, limit)).toEqual({ items, hasMore });
});
