// What every erasure store must do. Law: run on D1 and on the fake that other tests trust in its place.
import { describe, expect, it } from "vitest";
import type { ErasureStore } from "../../src/mistake/erasure-store.ts";
import type { Erasure } from "../../src/mistake/erasure.ts";
import { makeTestId, newProjectId, ticking } from "../fixtures/records.ts";

export function erasureOf(projectId: string, changes: Partial<Erasure> = {}): Erasure {
  return {
    id: makeTestId("era"),
    projectId,
    keyId: "key_root",
    status: "running",
    place: "mistakes",
    cursor: null,
    erased: {},
    releaseIds: [],
    createdAt: ticking(),
    finishedAt: null,
    ...changes,
  };
}

export function erasureStoreContract(name: string, make: () => ErasureStore): void {
  const begin = async (
    store: ErasureStore,
    erasure: Erasure,
    endUsers: readonly string[],
    expiresAt = 10_000,
  ): Promise<void> => {
    const { id: subject, projectId, keyId, createdAt } = erasure;
    const audit = { id: makeTestId("aud"), projectId, keyId, event: "subject_erased" as const, subject, details: {} };
    await store.begin(erasure, { endUsers, capturedUntil: 5, expiresAt }, { ...audit, createdAt });
  };

  describe(`${name} as an erasure store`, () => {
    it("keeps an erasure as it was begun and saved, for its project alone", async () => {
      const [store, project] = [make(), newProjectId()];
      const erasure = erasureOf(project);
      await begin(store, erasure, ["v1.a"]);
      expect(await store.getErasure(project, erasure.id)).toEqual(erasure);
      expect(await store.getErasure(newProjectId(), erasure.id)).toBeNull();
      const later = { ...erasure, place: "attacks", cursor: "c", erased: { mistakes: 3 }, releaseIds: ["rel_1"] };
      await store.save(later, 0);
      expect(await store.getErasure(project, erasure.id)).toEqual(later);
    });

    it("finds the running one of a person, and no finished one", async () => {
      const [store, project] = [make(), newProjectId()];
      const erasure = erasureOf(project);
      await begin(store, erasure, ["v2.a", "v1.a"]);
      expect((await store.findRunning(project, ["v3.x", "v1.a"]))?.id).toBe(erasure.id);
      expect(await store.findRunning(project, ["v1.b"])).toBeNull();
      expect(await store.findRunning(newProjectId(), ["v1.a"])).toBeNull();
      await store.save({ ...erasure, status: "done", finishedAt: 9 }, 0);
      expect(await store.findRunning(project, ["v1.a"])).toBeNull();
    });

    it("leases the erasures of a project to one at a time, until the lease ends", async () => {
      const [store, project] = [make(), newProjectId()];
      const [one, two, other] = [erasureOf(project), erasureOf(project), erasureOf(newProjectId())];
      await begin(store, one, ["v2.a", "v1.a"]);
      await begin(store, two, ["v1.b"]);
      await begin(store, other, ["v1.a"]);
      const leased = await store.lease(one.id, 100, 200);
      expect(leased?.erasure).toEqual(one);
      expect(leased?.endUsers.toSorted()).toEqual(["v1.a", "v2.a"]);
      expect(await store.lease(one.id, 199, 300)).toBeNull();
      expect(await store.lease(two.id, 199, 300)).toBeNull();
      expect(await store.lease(other.id, 199, 300)).not.toBeNull();
      expect((await store.lease(two.id, 200, 300))?.endUsers).toEqual(["v1.b"]);
      await store.save({ ...two, status: "done" }, 0);
      expect(await store.lease(two.id, 999, 1_000)).toBeNull();
      expect(await store.lease(one.id, 201, 300)).not.toBeNull();
    });

    it("covers one who is erased again by the later erasure", async () => {
      const [store, project] = [make(), newProjectId()];
      const [one, two] = [erasureOf(project), erasureOf(project)];
      await begin(store, one, ["v1.a"]);
      await store.save({ ...one, status: "done" }, 0);
      await begin(store, two, ["v1.a"]);
      expect((await store.findRunning(project, ["v1.a"]))?.id).toBe(two.id);
      expect((await store.lease(two.id, 1, 2))?.endUsers).toEqual(["v1.a"]);
      await store.save({ ...two, status: "done" }, 0);
    });

    it("lists a project's newest first in pages, and the running ones of all by their turn", async () => {
      const [store, project] = [make(), newProjectId()];
      const all = [erasureOf(project), erasureOf(project), erasureOf(project, { status: "done", finishedAt: 3 })];
      for (const [place, each] of all.entries()) await begin(store, each, [`v1.${place}`]);
      const first = await store.listErasures(project, { limit: 2, cursor: null });
      expect(first).toEqual({ items: [all[2], all[1]], hasMore: true });
      const rest = await store.listErasures(project, { limit: 2, cursor: all[1]?.id ?? null });
      expect(rest).toEqual({ items: [all[0]], hasMore: false });
      const running = (await store.listRunning(1_000)).map(({ id }) => id);
      expect(running.filter((id) => all.some((each) => each.id === id))).toEqual([all[0]?.id, all[1]?.id]);
      // Whatever came of it, whoever was tried last comes last.
      await store.lease(all[0]?.id ?? "", 1, 2);
      const turned = (await store.listRunning(1_000)).map(({ id }) => id);
      expect(turned.filter((id) => all.some((each) => each.id === id))).toEqual([all[1]?.id, all[0]?.id]);
      for (const each of all) await store.save({ ...each, status: "done" }, 0);
    });

    it("forgets whom finished erasures covered once nothing can come late any more", async () => {
      const [store, project] = [make(), newProjectId()];
      const [done, running] = [erasureOf(project), erasureOf(project)];
      await begin(store, done, ["v1.a", "v2.a"], 1_000);
      await begin(store, running, ["v1.b"], 1_000);
      await store.save({ ...done, status: "done" }, 0);
      expect(await store.prune(999, 100)).toBe(0);
      expect(await store.prune(1_000, 1)).toBe(1);
      expect(await store.prune(1_000, 100)).toBe(1);
      expect((await store.lease(running.id, 1, 2))?.endUsers).toEqual(["v1.b"]);
    });
  });
}
