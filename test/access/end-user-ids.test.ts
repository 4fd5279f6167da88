// End users by HMAC: known again under every retained secret, in their own project alone, and never by their ids.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HmacEndUserIds } from "../../src/access/end-user-ids.ts";

const [OLD, NEW] = ["an old secret of this test, long", "a new secret of this test, long"];

describe("HmacEndUserIds", () => {
  it("names the same person the same, and others otherwise", async () => {
    const ids = new HmacEndUserIds([NEW]);
    const known = new Map<string, string>();
    const person = fc.tuple(fc.constantFrom("prj_1", "prj_2"), fc.string({ unit: "grapheme", minLength: 1 }));
    await fc.assert(
      fc.asyncProperty(person, async ([project, id]) => {
        const named = (await ids.of(project, id)) ?? "";
        expect(named).toMatch(/^[0-9a-f]{8}\.[\w-]{43}$/);
        const whose = known.get(named) ?? JSON.stringify([project, id]);
        expect(whose).toBe(JSON.stringify([project, id]));
        known.set(named, whose);
      }),
    );
  });

  it("is HMAC-SHA-256 under a key derived from the secret, whichever object makes it", async () => {
    const one = await new HmacEndUserIds([NEW]).of("prj_1", "jane");
    expect(await new HmacEndUserIds([NEW, OLD]).of("prj_1", "jane")).toBe(one);
    // Worked out once with node:crypto: hkdfSync and createHmac.
    expect(one).toBe("6ec3ea3a.PqYqkYhLNyR1WaGjyvW5RlM1H9-2lnweiTRxdC9J23o");
  });

  it("finds who was known under an older secret", async () => {
    const before = await new HmacEndUserIds([OLD]).of("prj_1", "jane");
    const ids = new HmacEndUserIds([NEW, OLD, NEW]);
    expect(await ids.all("prj_1", "jane")).toEqual([await ids.of("prj_1", "jane"), before]);
  });

  it("knows nobody without a secret", async () => {
    expect(await new HmacEndUserIds([]).of("prj_1", "jane")).toBeNull();
    expect(await new HmacEndUserIds([]).all("prj_1", "jane")).toEqual([]);
  });
});
