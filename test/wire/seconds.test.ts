// Times on the wire are whole seconds.
import { expect, it } from "vitest";
import { seconds } from "../../src/wire/seconds.ts";

it.each([
  [0, 0],
  [999, 0],
  [1_700_000_000_999, 1_700_000_000],
])("%i ms are %i s", (milliseconds, expected) => {
  expect(seconds(milliseconds)).toBe(expected);
});
