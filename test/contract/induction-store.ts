// What every store of induction runs does.
import { describe, expect, it } from "vitest";
import type { InductionRun } from "../../src/mistake/induction-run.ts";
import type { InductionStore } from "../../src/mistake/induction-store.ts";
import { makeTestId, newProjectId, ticking } from "../fixtures/records.ts";

export function inductionRunOf(projectId: string, changes: Partial<InductionRun> = {}): InductionRun {
  return {
    id: makeTestId("ind"),
    projectId,
    status: "running",
    trigger: "request",
    settings: {
      techniques: ["direct"],
      arms: ["unguided", "guided"],
      ...{ budget: 10, concurrency: 2, seed: 1, model: null, temperature: 0.7, maxTokens: 60, passInputs: true },
    },
    techniquesVersion: "techniques-1",
    seeds: 1,
    attempts: 2,
    failure: null,
    createdAt: ticking(),
    endedAt: null,
    ...changes,
  };
}

const FIRST = { index: 0, technique: "direct", arm: "unguided", calls: 4 } as const;
const SECOND = { index: 1, technique: "direct", arm: "guided", calls: 1 } as const;
const MISTAKE = { outcome: "mistake", calls: 3, mistakeId: "mis_1" } as const;

export function inductionStoreContract(name: string, open: () => InductionStore): void {
  describe(`the induction store: ${name}`, () => {
    const store = open();
    const inserted = async (projectId = newProjectId()): Promise<InductionRun> => {
      const run = inductionRunOf(projectId);
      await store.insert(run);
      return run;
    };

    it("gives a run back whole, and lists the newest first", async () => {
      const first = await inserted();
      const second = await inserted(first.projectId);
      expect(await store.get(first.projectId, first.id)).toEqual(first);
      const page = await store.list(first.projectId, { limit: 1, cursor: null });
      expect(page).toEqual({ items: [second], hasMore: true });
      expect(await store.list(first.projectId, { limit: 1, cursor: second.id })).toEqual({
        items: [first],
        hasMore: false,
      });
    });

    it("counts an attempt once: its first outcome stays, and it is not begun again", async () => {
      const { projectId, id } = await inserted();
      expect(await store.begin(projectId, id, FIRST)).toBe(true);
      expect(await store.spent(projectId, id)).toBe(4);
      expect(await store.tallies(projectId, id)).toEqual([]);
      await store.finish(projectId, id, FIRST, MISTAKE);
      await store.finish(projectId, id, FIRST, { outcome: "failed", calls: 1, mistakeId: null });
      expect(await store.begin(projectId, id, FIRST)).toBe(false);
      expect(await store.spent(projectId, id)).toBe(3);
      expect(await store.begin(projectId, id, SECOND)).toBe(true);
      await store.finish(projectId, id, SECOND, { outcome: "withstood", calls: 1, mistakeId: null });
      expect(await store.tallies(projectId, id)).toEqual([
        { technique: "direct", arm: "guided", outcome: "withstood", count: 1, calls: 1 },
        { technique: "direct", arm: "unguided", outcome: "mistake", count: 1, calls: 3 },
      ]);
    });

    it("keeps the calls of an attempt that a crash cut off", async () => {
      const { projectId, id } = await inserted();
      await store.begin(projectId, id, FIRST);
      expect(await store.begin(projectId, id, FIRST)).toBe(true);
      expect(await store.spent(projectId, id)).toBe(8);
      await store.finish(projectId, id, FIRST, MISTAKE);
      expect(await store.spent(projectId, id)).toBe(7);
    });

    it("ends a run once, and begins nothing of it afterwards", async () => {
      const { projectId, id } = await inserted();
      expect(await store.end(projectId, id, { status: "cancelled", failure: null, at: 5 })).toBe(true);
      expect(await store.end(projectId, id, { status: "failed", failure: "late", at: 6 })).toBe(false);
      expect(await store.get(projectId, id)).toMatchObject({ status: "cancelled", failure: null, endedAt: 5 });
      expect(await store.begin(projectId, id, FIRST)).toBe(false);
    });

    it("shows and changes nothing of another project", async () => {
      const run = await inserted();
      const { projectId, id } = run;
      const other = newProjectId();
      await store.begin(projectId, id, FIRST);
      expect(await store.get(other, id)).toBeNull();
      expect(await store.list(other, { limit: 10, cursor: null })).toEqual({ items: [], hasMore: false });
      expect(await store.begin(other, id, SECOND)).toBe(false);
      await store.finish(other, id, FIRST, MISTAKE);
      expect(await store.end(other, id, { status: "failed", failure: "theirs", at: 1 })).toBe(false);
      expect(await store.spent(other, id)).toBe(0);
      expect(await store.tallies(other, id)).toEqual([]);
      expect(await store.tallies(projectId, id)).toEqual([]);
      expect(await store.get(projectId, id)).toEqual(run);
    });
  });
}
