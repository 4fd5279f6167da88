// The committed weights. Law: small enough, quick to read, and named by what they hold.
import { describe, expect, it } from "vitest";
import { BLOCKS, readTable } from "../../../src/guardrail/edge-classifier/edge-weights.ts";
import { THRESHOLDS, WEIGHTS } from "../../../src/guardrail/edge-classifier/weights.ts";

describe("the committed weights", () => {
  it("hold one byte a bucket in every block", () => {
    const table = readTable(WEIGHTS);
    for (const block of BLOCKS) {
      expect(table[block]).toHaveLength(2 ** WEIGHTS.bucketBits);
      expect(table[block].some((weight) => weight !== 0)).toBe(true);
    }
  });

  it("take at most 512 KiB", () => {
    expect(JSON.stringify(WEIGHTS).length).toBeLessThanOrEqual(512 * 1024);
  });

  it("carry a version that is their hash", async () => {
    const { version, ...numbers } = WEIGHTS;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(numbers)));
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    expect(version).toBe(hex.slice(0, 12));
  });

  it("come with a threshold for answers and none for requests", () => {
    expect(THRESHOLDS.input).toBeNull();
    expect(THRESHOLDS.output).toBeGreaterThan(0.5);
    expect(THRESHOLDS.output).toBeLessThan(1);
  });
});

describe("readTable", () => {
  it("refuses a table of another size", () => {
    expect(() => readTable({ ...WEIGHTS, bucketBits: WEIGHTS.bucketBits + 1 })).toThrow("table holds");
  });

  it("reads signed bytes, block by block", () => {
    const table = btoa(String.fromCharCode(1, 255, 2, 254, 3, 253, 127, 128));
    expect(readTable({ ...WEIGHTS, bucketBits: 1, table })).toEqual({
      inputPrompt: Int8Array.of(1, -1),
      outputPrompt: Int8Array.of(2, -2),
      outputAnswer: Int8Array.of(3, -3),
      outputOpening: Int8Array.of(127, -128),
    });
  });
});
