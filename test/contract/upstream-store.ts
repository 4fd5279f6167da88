// What every upstream store must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import type { UpstreamStore } from "../../src/model/upstream-store.ts";
import { newProjectId } from "../fixtures/records.ts";
import { upstreamOf } from "../fixtures/upstreams.ts";

export function upstreamStoreContract(name: string, make: () => UpstreamStore): void {
  describe(`${name} as an upstream store`, () => {
    let store: UpstreamStore;
    let projectId: string;

    beforeEach(() => {
      store = make();
      projectId = newProjectId();
    });

    it("gives back every field as it was", async () => {
      const text = { keyVersion: "v", iv: "i", ciphertext: "c" };
      const kept = [
        upstreamOf({ projectId }),
        upstreamOf({ projectId, credentials: null, models: {}, purpose: "guardrail" }),
        upstreamOf({ projectId, credentials: { kind: "sealed", text } }),
      ];
      for (const each of kept) await store.insertUpstream(each);
      expect(await store.listUpstreams(projectId)).toEqual(kept);
    });

    it("lists by priority, then the oldest first", async () => {
      const [second, third, first] = [
        upstreamOf({ projectId, priority: 5 }),
        upstreamOf({ projectId, priority: 5 }),
        upstreamOf({ projectId, priority: 0 }),
      ];
      for (const each of [third, first, second]) await store.insertUpstream(each);
      const listed = await store.listUpstreams(projectId);
      expect(listed.map(({ id }) => id)).toEqual([first.id, second.id, third.id]);
    });

    it("refuses a second one of the same id", async () => {
      const upstream = upstreamOf({ projectId });
      await store.insertUpstream(upstream);
      await expect(store.insertUpstream(upstream)).rejects.toThrow();
    });

    it("replaces all of it but the time it was made", async () => {
      const old = upstreamOf({ projectId });
      await store.insertUpstream(old);
      const changed = upstreamOf({ id: old.id, projectId, url: "http://two.test", credentials: null, priority: 1 });
      expect(await store.replaceUpstream(changed)).toBe(true);
      expect(await store.listUpstreams(projectId)).toEqual([{ ...changed, createdAt: old.createdAt }]);
    });

    it("deletes once", async () => {
      const { id } = upstreamOf({ projectId });
      await store.insertUpstream(upstreamOf({ id, projectId }));
      expect(await store.deleteUpstream(projectId, id)).toBe(true);
      expect(await store.deleteUpstream(projectId, id)).toBe(false);
      expect(await store.listUpstreams(projectId)).toEqual([]);
    });

    it("lists, replaces and deletes nothing of another project", async () => {
      const mine = upstreamOf({ projectId });
      await store.insertUpstream(mine);
      const other = newProjectId();
      expect(await store.listUpstreams(other)).toEqual([]);
      expect(await store.replaceUpstream({ ...mine, projectId: other, name: "taken" })).toBe(false);
      expect(await store.deleteUpstream(other, mine.id)).toBe(false);
      expect(await store.listUpstreams(projectId)).toEqual([mine]);
    });
  });
}
