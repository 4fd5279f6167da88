// Batches for Cloudflare Queues: everything once and in order, none above 100 messages or 256 KB.
import fc from "fast-check";
import { expect, it } from "vitest";
import { batchesOf } from "../../../src/adapters/queue/batches-of.ts";

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).byteLength;

it("splits any messages", () => {
  const message = fc.record({ text: fc.nat(2_000).map((length) => "界".repeat(length)) });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 250 }), (messages) => {
      const batches = batchesOf(messages, (each) => each);
      expect(batches.flat()).toEqual(messages);
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(100);
        expect(batch.reduce((sum, each) => sum + bytesOf(each) + 100, 0)).toBeLessThan(256_000);
      }
    }),
    { numRuns: 30 },
  );
});

it("sends a message that the queue refuses for its size by itself", () => {
  const large = { text: "a".repeat(130_000) };
  const small = ["b", "c", "d"].map((text) => ({ text }));
  expect(batchesOf([...small.slice(0, 1), large, ...small.slice(1)], (each) => each)).toEqual([
    small.slice(0, 1),
    [large],
    small.slice(1),
  ]);
});
