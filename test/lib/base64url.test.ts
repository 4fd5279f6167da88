// Base64url without padding, against RFC 4648's own vectors.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { base64url, fromBase64url } from "../../src/lib/base64url.ts";

it.each([
  ["", ""],
  ["f", "Zg"],
  ["fo", "Zm8"],
  ["foo", "Zm9v"],
  ["foob", "Zm9vYg"],
])("encodes %j as %j (RFC 4648 section 10, without padding)", (text, encoded) => {
  expect(base64url(new TextEncoder().encode(text))).toBe(encoded);
});

it("uses the two letters that URLs allow", () => {
  expect(base64url(new Uint8Array([0xfb, 0xff, 0xfe]))).toBe("-__-");
});

it("gives different texts for different bytes, in URL letters alone", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      expect(base64url(left)).toMatch(/^[\w-]+$/);
      expect(base64url(left) === base64url(right)).toBe(left.join() === right.join());
    }),
  );
});

it("gives back the bytes, and throws for what is no base64url", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect([...fromBase64url(base64url(bytes))]).toEqual([...bytes]);
    }),
  );
  expect(() => fromBase64url("~")).toThrow();
});
