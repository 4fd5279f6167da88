// Hashes, against FIPS 180-2's own vectors.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { equalInConstantTime, hex, sha256 } from "../../src/lib/hash.ts";

it.each([
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
])("SHA-256 of %j", async (text, expected) => {
  await expect(sha256(text)).resolves.toBe(expected);
  await expect(sha256(new TextEncoder().encode(text))).resolves.toBe(expected);
});

it("hashes a text as UTF-8", async () => {
  await expect(sha256("é")).resolves.toBe(await sha256(new Uint8Array([0xc3, 0xa9])));
});

it("hashes a view of a larger buffer by what it shows alone", async () => {
  await expect(sha256(new TextEncoder().encode("xabcx").subarray(1, 4))).resolves.toBe(await sha256("abc"));
});

it("writes bytes as two lower-case digits each", () => {
  expect(hex(new Uint8Array([0, 10, 255]))).toBe("000aff");
});

it("compares as === does", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (left, right) => {
      expect(equalInConstantTime(left, right)).toBe(left === right);
      expect(equalInConstantTime(left, left.slice())).toBe(true);
    }),
  );
});
