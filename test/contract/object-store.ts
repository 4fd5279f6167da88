// What every object store must do. Law: run on R2 and on the fake that other tests trust in its place.
import { describe, expect, it } from "vitest";
import type { ObjectStore } from "../../src/lib/object-store.ts";
import { HOSTILE_TEXTS } from "../fixtures/arbitrary.ts";
import { makeTestId } from "../fixtures/records.ts";

export function objectStoreContract(name: string, make: () => ObjectStore): void {
  describe(`${name} as an object store`, () => {
    const folder = (): string => `contract/${makeTestId("req")}/`;

    it.each(["", "plain", ...HOSTILE_TEXTS.slice(1), "é".repeat(90 * 1024)])("gives a text back (%#)", async (text) => {
      const store = make();
      const key = `${folder()}text.txt`;
      await store.put(key, text, "text/plain");
      expect(await store.getText(key)).toBe(text);
    });

    it("gives bytes back with their size and type", async () => {
      const store = make();
      const key = `${folder()}bytes`;
      const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
      await store.put(key, bytes, "application/octet-stream");
      const found = await store.get(key);
      expect(found).toMatchObject({ bytes: 1000, contentType: "application/octet-stream" });
      expect(new Uint8Array(await new Response(found?.body ?? null).arrayBuffer())).toEqual(bytes);
    });

    it("has nothing under an unknown key", async () => {
      const store = make();
      const key = `${folder()}nothing`;
      expect(await store.get(key)).toBeNull();
      expect(await store.getText(key)).toBeNull();
      await expect(store.delete(key)).resolves.toBeUndefined();
    });

    it("keeps what was put last, until it is deleted", async () => {
      const store = make();
      const key = `${folder()}object`;
      await store.put(key, "first", "text/plain");
      await store.put(key, "second", "text/plain");
      expect(await store.getText(key)).toBe("second");
      await store.delete(key);
      expect(await store.getText(key)).toBeNull();
    });

    it("gives back a range of bytes", async () => {
      const store = make();
      const key = `${folder()}range`;
      await store.put(key, "0123456789", "text/plain");
      expect(new TextDecoder().decode((await store.getRange(key, 3, 4)) ?? undefined)).toBe("3456");
      expect(await store.getRange(`${key}-nothing`, 0, 1)).toBeNull();
    });

    it("replaces an object only while it is of the version that was read", async () => {
      const store = make();
      const key = `${folder()}replaced`;
      const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
      await store.put(key, "first", "text/plain");
      const version = (await store.get(key))?.version ?? "";
      expect(await store.replace(key, bytes("second"), "text/plain", version)).toBe(true);
      expect(await store.replace(key, bytes("third"), "text/plain", version)).toBe(false);
      expect(await store.getText(key)).toBe("second");
      await store.delete(key);
      expect(await store.replace(key, bytes("fourth"), "text/plain", version)).toBe(false);
      expect(await store.getText(key)).toBeNull();
    });

    it("lists keys in order, under the prefix alone, up to the limit", async () => {
      const store = make();
      const prefix = folder();
      for (const last of ["c", "a", "b"]) await store.put(`${prefix}${last}`, last, "text/plain");
      await store.put(`${folder()}a`, "elsewhere", "text/plain");
      expect(await store.list(prefix, 10)).toEqual([`${prefix}a`, `${prefix}b`, `${prefix}c`]);
      expect(await store.list(prefix, 2)).toEqual([`${prefix}a`, `${prefix}b`]);
      expect(await store.list(`${prefix}none/`, 10)).toEqual([]);
      expect(await store.list(prefix, 10, `${prefix}a`)).toEqual([`${prefix}b`, `${prefix}c`]);
      expect(await store.list(prefix, 1, `${prefix}aa`)).toEqual([`${prefix}b`]);
      expect(await store.list(prefix, 10, `${prefix}c`)).toEqual([]);
    });
  });
}
