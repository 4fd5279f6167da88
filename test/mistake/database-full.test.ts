// What a full database says, and that nobody goes on asking it.
import { expect, it } from "vitest";
import { inHalves } from "../../src/lib/in-halves.ts";
import { isDatabaseFull, untilFull } from "../../src/mistake/database-full.ts";

it.each([
  ["D1_ERROR: database or disk is full: SQLITE_FULL", true],
  ["Exceeded maximum DB size", true],
  ["D1_ERROR: UNIQUE constraint failed: mistakes.id: SQLITE_CONSTRAINT", false],
  ["the database is down", false],
])("knows %j: %s", (said, isFull) => {
  expect(isDatabaseFull(new Error(said))).toBe(isFull);
  expect(isDatabaseFull(new Error("Failed query: insert …", { cause: new Error(said) }))).toBe(isFull);
});

it.each([
  ["database or disk is full", 1],
  ["one of them is bad", 15],
])("asks after «%s» so many times for a batch of eight: %d", async (said, times) => {
  let asked = 0;
  const work = untilFull(async (): Promise<void> => {
    asked += 1;
    await Promise.reject(new Error(said));
  });
  const { failed } = await inHalves([1, 2, 3, 4, 5, 6, 7, 8], work, { clock: () => 0, milliseconds: 1 });
  expect(failed).toHaveLength(8);
  expect(asked).toBe(times);
});
