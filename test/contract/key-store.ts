// What every key store must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import { NO_LIMITS } from "../../src/access/key-limits.ts";
import { KEY_CONSENTS, SCOPES, type Key } from "../../src/access/key.ts";
import type { KeyStore } from "../../src/access/key-store.ts";
import { makeTestId, newProjectId, ticking } from "../fixtures/records.ts";

export function keyStoreContract(name: string, make: () => KeyStore): void {
  describe(`${name} as a key store`, () => {
    let store: KeyStore;
    let project: string;

    const insertProject = async (): Promise<string> => {
      const id = newProjectId();
      await store.insertProject({ id, name: "a project", createdAt: ticking() });
      return id;
    };

    const insertKey = async (projectId = project): Promise<{ readonly key: Key; readonly hash: string }> => {
      const id = makeTestId("key");
      const key: Key = {
        id,
        projectId,
        name: "钥匙 \u0000 🔑",
        scopes: SCOPES.slice(0, 2),
        limits: NO_LIMITS,
        consent: null,
        createdAt: ticking(),
      };
      const hash = `hash of ${id}`;
      await store.insertKey(key, hash);
      return { key, hash };
    };

    beforeEach(async () => {
      store = make();
      project = await insertProject();
    });

    it("finds a key by its hash, and by nothing else", async () => {
      const { key, hash } = await insertKey();
      expect(await store.findKeyByHash(hash)).toEqual(key);
      for (const wrong of ["", key.id, hash.toUpperCase(), `${hash} `, "%"]) {
        expect(await store.findKeyByHash(wrong)).toBeNull();
      }
    });

    it.each([
      { requestsPerMinute: 30, tokensPerDay: 1_000_000_000_000, microDollarsPerDay: 290_000 },
      { ...NO_LIMITS, tokensPerDay: 1 },
    ])("keeps the limits %j", async (limits) => {
      const id = makeTestId("key");
      const key: Key = {
        id,
        projectId: project,
        name: "n",
        scopes: ["chat"],
        limits,
        consent: null,
        createdAt: ticking(),
      };
      await store.insertKey(key, `hash of ${id}`);
      expect(await store.findKeyByHash(`hash of ${id}`)).toEqual(key);
      expect(await store.listKeys(project)).toEqual([key]);
    });

    it.each(KEY_CONSENTS)("keeps the consent %s", async (consent) => {
      const { key } = await insertKey();
      const id = makeTestId("key");
      await store.insertKey({ ...key, id, consent }, `hash of ${id}`);
      expect(await store.findKeyByHash(`hash of ${id}`)).toMatchObject({ id, consent });
    });

    it("refuses a second key of the same hash", async () => {
      const { key, hash } = await insertKey();
      await expect(store.insertKey({ ...key, id: makeTestId("key") }, hash)).rejects.toThrow();
    });

    it("revokes once, and forgets what was revoked", async () => {
      const { key, hash } = await insertKey();
      expect(await store.revokeKey(project, key.id, ticking())).toBe(true);
      expect(await store.revokeKey(project, key.id, ticking())).toBe(false);
      expect(await store.findKeyByHash(hash)).toBeNull();
      expect(await store.listKeys(project)).toEqual([]);
    });

    it("lists a project's keys, newest first", async () => {
      const first = await insertKey();
      const second = await insertKey();
      expect(await store.listKeys(project)).toEqual([second.key, first.key]);
    });

    it("keeps projects", async () => {
      const found = await store.findProject(project);
      expect(found).toMatchObject({ id: project, name: "a project" });
      expect(await store.findProject("prj_nothing")).toBeNull();
      expect(await store.listProjects()).toContainEqual(found);
    });

    it("lists and revokes nothing of another project", async () => {
      const { key, hash } = await insertKey();
      const other = await insertProject();
      expect(await store.listKeys(other)).toEqual([]);
      expect(await store.revokeKey(other, key.id, ticking())).toBe(false);
      expect(await store.findKeyByHash(hash)).toEqual(key);
    });
  });
}
