// The key ring: who is let in, what it remembers, and for how long.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { NO_LIMITS } from "../../src/access/key-limits.ts";
import { KeyRing, ROOT_KEY } from "../../src/access/key-ring.ts";
import type { Key } from "../../src/access/key.ts";
import { sha256 } from "../../src/lib/hash.ts";
import { handClock, type HandClock } from "../fakes/hand-clock.ts";

const ROOT = "root-key-of-the-operator-0123456789";
const KEY: Key = {
  id: "key_1",
  projectId: "prj_1",
  name: "shop",
  scopes: ["chat"],
  limits: NO_LIMITS,
  consent: null,
  createdAt: 1,
};

class CountingStore {
  asked = 0;
  readonly keys = new Map<string, Key>();

  async findKeyByHash(hash: string): Promise<Key | null> {
    this.asked += 1;
    return await Promise.resolve(this.keys.get(hash) ?? null);
  }
}

describe("KeyRing", () => {
  let clock: HandClock;
  let store: CountingStore;
  let ring: KeyRing;
  const isOpen = async (text: string): Promise<boolean> => (await ring.authenticate(`Bearer ${text}`)).ok;

  beforeEach(async () => {
    clock = handClock();
    store = new CountingStore();
    store.keys.set(await sha256("sbk_known"), KEY);
    ring = new KeyRing(store, ROOT, clock.now);
  });

  it.each(["Bearer sbk_known", "bearer sbk_known", "  Bearer   sbk_known  "])("reads %j", async (header) => {
    await expect(ring.authenticate(header)).resolves.toEqual({ ok: true, value: KEY });
  });

  it("hashes a key that it let in once, and remembers nothing of one that it did not", async () => {
    const digest = vi.spyOn(crypto.subtle, "digest");
    for (let count = 0; count < 3; count += 1) expect(await isOpen("sbk_known")).toBe(true);
    // The operator's key is hashed when the ring is made, and may still be on its way.
    const known = digest.mock.calls.length;
    expect(known).toBeLessThanOrEqual(2);
    for (let count = 0; count < 3; count += 1) expect(await isOpen("sbk_invented")).toBe(false);
    expect(digest.mock.calls.length - known).toBe(3);
    ring.forget(KEY.id);
    store.keys.clear();
    expect(await isOpen("sbk_known")).toBe(false);
    digest.mockRestore();
  });

  it.each([null, "", "Bearer", "Bearer ", "sbk_known", "Basic sbk_known", "Bearer sbk_known more"])(
    "misses a key in %j, and asks no store",
    async (header) => {
      const refused = await ring.authenticate(header);
      expect(refused).toMatchObject({
        ok: false,
        error: { status: 401, code: "missing_key", headers: { "www-authenticate": "Bearer" } },
      });
      expect(store.asked).toBe(0);
    },
  );

  it("knows the operator's key without the store", async () => {
    await expect(ring.authenticate(`Bearer ${ROOT}`)).resolves.toEqual({ ok: true, value: ROOT_KEY });
    expect(store.asked).toBe(0);
  });

  it("has no operator's key unless one is set", async () => {
    ring = new KeyRing(store, null, clock.now);
    for (const text of [ROOT, "null", "undefined"]) await expect(isOpen(text)).resolves.toBe(false);
  });

  it("asks the store by the key's hash, never by the key", async () => {
    const asked: string[] = [];
    const spy = {
      findKeyByHash: async (hash: string): Promise<null> => {
        asked.push(hash);
        return await Promise.resolve(null);
      },
    };
    await new KeyRing(spy, null, clock.now).authenticate("Bearer sbk_known");
    expect(asked).toEqual([await sha256("sbk_known")]);
  });

  it("remembers a known key for 25 s, so that one revoked elsewhere ends within 30 s", async () => {
    await expect(isOpen("sbk_known")).resolves.toBe(true);
    store.keys.clear();
    clock.advance(24_999);
    await expect(isOpen("sbk_known")).resolves.toBe(true);
    expect(store.asked).toBe(1);
    clock.advance(1);
    await expect(isOpen("sbk_known")).resolves.toBe(false);
  });

  it("does not begin a new lifetime with every use", async () => {
    await isOpen("sbk_known");
    store.keys.clear();
    clock.advance(15_000);
    await expect(isOpen("sbk_known")).resolves.toBe(true);
    clock.advance(15_000);
    await expect(isOpen("sbk_known")).resolves.toBe(false);
  });

  it("forgets a revoked key at once", async () => {
    await isOpen("sbk_known");
    store.keys.clear();
    ring.forget(KEY.id);
    await expect(isOpen("sbk_known")).resolves.toBe(false);
  });

  it("remembers an unknown key for 5 s, and finds it once it is there", async () => {
    await expect(isOpen("sbk_new")).resolves.toBe(false);
    store.keys.set(await sha256("sbk_new"), KEY);
    clock.advance(4_999);
    await expect(isOpen("sbk_new")).resolves.toBe(false);
    expect(store.asked).toBe(1);
    clock.advance(1);
    await expect(isOpen("sbk_new")).resolves.toBe(true);
  });

  it("lets a flood of invented keys push out neither real keys nor the bound of its memory", async () => {
    await isOpen("sbk_known");
    for (let invented = 0; invented <= 1_000; invented += 1) await isOpen(`sbk_invented_${invented}`);
    expect(store.asked).toBe(1_002);
    await isOpen("sbk_known");
    expect(store.asked).toBe(1_002);
    // The first invented key had to go to make room for the last one.
    await isOpen("sbk_invented_0");
    expect(store.asked).toBe(1_003);
  });

  it("says 503 when the store fails, and does not remember the key as unknown", async () => {
    const failing = { findKeyByHash: async () => await Promise.reject(new Error("D1 is away")) };
    const fragile = new KeyRing(failing, null, clock.now);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await fragile.authenticate("Bearer sbk_known")).toMatchObject({
        ok: false,
        error: { status: 503, code: "keys_unavailable" },
      });
    }
  });
});
