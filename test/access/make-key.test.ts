// Making a key: its text is random, and kept only as a hash.
import { expect, it } from "vitest";
import { makeKey } from "../../src/access/make-key.ts";
import { NO_LIMITS } from "../../src/access/key-limits.ts";
import type { Key } from "../../src/access/key.ts";
import { sha256 } from "../../src/lib/hash.ts";

it("keeps the hash of 256 random bits, and gives the text this once", async () => {
  const inserted: [Key, string][] = [];
  const lengths: number[] = [];
  const { key, text } = await makeKey(
    {
      keys: {
        insertKey: async (made, hash) => {
          inserted.push([made, hash]);
          await Promise.resolve();
        },
      },
      clock: () => 7,
      makeId: (prefix) => `${prefix}_1`,
      randomBytes: (length) => {
        lengths.push(length);
        return new Uint8Array(length).fill(255);
      },
    },
    { projectId: "prj_1", name: "shop", scopes: ["chat"], limits: NO_LIMITS, consent: null },
  );
  expect(lengths).toEqual([32]);
  expect(text).toBe(`sbk_${"_".repeat(42)}8`);
  expect(key).toEqual({
    id: "key_1",
    projectId: "prj_1",
    name: "shop",
    scopes: ["chat"],
    limits: NO_LIMITS,
    consent: null,
    createdAt: 7,
  });
  expect(inserted).toEqual([[key, await sha256(text)]]);
  expect(JSON.stringify(inserted)).not.toContain(text);
});
