// A version made from content: stable, and different for different content.
import { describe, expect, it } from "vitest";
import { contentVersion } from "../../src/guardrail/content-version.ts";

describe("contentVersion", () => {
  it("is the same for the same content, everywhere", () => {
    // The offset basis of FNV-1a (64 bit) runs over the two bytes of "[]".
    expect(contentVersion([])).toBe(contentVersion([]));
    expect(contentVersion([])).toMatch(/^[0-9a-f]{16}$/);
    expect(contentVersion([{ id: "a" }])).not.toBe(contentVersion([{ id: "b" }]));
  });
});
