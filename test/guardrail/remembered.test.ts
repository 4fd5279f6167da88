// What is remembered is worked out once, and no more than the capacity is kept.
import { describe, expect, it } from "vitest";
import { Remembered } from "../../src/guardrail/remembered.ts";

describe("Remembered", () => {
  it("works each text out once, and forgets the one that was used longest ago", () => {
    const worked: string[] = [];
    const remembered = new Remembered(2, (text) => {
      worked.push(text);
      return text.length;
    });
    expect(["a", "bb", "a", "ccc", "a", "bb"].map((text) => remembered.get(text))).toEqual([1, 2, 1, 3, 1, 2]);
    expect(worked).toEqual(["a", "bb", "ccc", "bb"]);
  });
});
