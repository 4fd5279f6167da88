// Sealed texts: opened by the same secret in the same place, and by nothing else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextSeal, type SealedText } from "../../src/lib/text-seal.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const sealOf = (...secrets: string[]): TextSeal => new TextSeal(secrets, "a purpose", random);

const seal = sealOf("the first secret of this test");

async function sealed(text: string, place = "here", by = seal): Promise<SealedText> {
  const made = await by.seal(text, place);
  if (made === null) throw new Error("there is no secret");
  return made;
}

describe("TextSeal", () => {
  it("gives back any text, in its place", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.string(), async (text, place) => {
        expect(await seal.open(await sealed(text, place), place)).toBe(text.toWellFormed());
      }),
      { numRuns: 50 },
    );
  });

  it("shows nothing of the text, and is another each time", async () => {
    const [one, two] = [await sealed("sk-a-key-of-somebody"), await sealed("sk-a-key-of-somebody")];
    expect(JSON.stringify(one)).not.toContain("somebody");
    expect(one.iv).not.toBe(two.iv);
    expect(one.ciphertext).not.toBe(two.ciphertext);
  });

  it("opens in no other place, by no other secret, for no other purpose", async () => {
    const made = await sealed("a text");
    expect(await seal.open(made, "there")).toBeNull();
    const other = sealOf("the second secret of this test");
    expect(await other.open(made, "here")).toBeNull();
    const forged = { ...made, keyVersion: (await sealed("x", "here", other)).keyVersion };
    expect(await other.open(forged, "here")).toBeNull();
    expect(await new TextSeal(["the first secret of this test"], "another", random).open(made, "here")).toBeNull();
  });

  it("does not open what was changed", async () => {
    const made = await sealed("a text");
    for (const changed of [
      { ...made, iv: (await sealed("a text")).iv },
      { ...made, ciphertext: (await sealed("a text")).ciphertext },
      { ...made, ciphertext: `${made.ciphertext}AAAA` },
      { ...made, ciphertext: "" },
      { ...made, ciphertext: "~" },
      { ...made, iv: "" },
    ]) {
      expect(await seal.open(changed, "here")).toBeNull();
    }
  });

  it("opens what the secret before sealed, and seals with the new one", async () => {
    const old = await sealed("a text");
    const rotated = sealOf("the second secret of this test", "the first secret of this test");
    expect(await rotated.open(old, "here")).toBe("a text");
    const fresh = await sealed("a text", "here", rotated);
    expect(fresh.keyVersion).not.toBe(old.keyVersion);
    expect(await seal.open(fresh, "here")).toBeNull();
    expect(await sealOf("the second secret of this test").open(fresh, "here")).toBe("a text");
  });

  it("seals and opens nothing without a secret", async () => {
    expect(await sealOf().seal("a text", "here")).toBeNull();
    expect(await sealOf().open(await sealed("a text"), "here")).toBeNull();
  });
});
