// What every archive must do, whole: store and job together. Law: run on D1 and R2, and on the fakes that other tests trust.
import { beforeEach, describe, expect, it } from "vitest";
import { archiveReleased, type ArchiveDependencies } from "../../src/jobs/archive.ts";
import type { ObjectStore } from "../../src/lib/object-store.ts";
import type { ArchiveStore } from "../../src/mistake/archive-store.ts";
import type { MistakeStore } from "../../src/mistake/mistake-store.ts";
import type { RetentionStore } from "../../src/mistake/retention-store.ts";
import { eraseStoredTexts } from "../../src/mistake/stored-texts.ts";
import type { ReleaseStore } from "../../src/release/release-store.ts";
import { HOSTILE_TEXTS } from "../fixtures/arbitrary.ts";
import {
  analysisOf,
  capturedMistake,
  exchangeOf,
  makeTestId,
  newProjectId,
  releaseOf,
  reviewOf,
} from "../fixtures/records.ts";

export interface ArchiveUnderTest {
  readonly archive: ArchiveStore;
  readonly mistakes: MistakeStore;
  readonly retention: RetentionStore;
  readonly releases: ReleaseStore;
  readonly objects: ObjectStore;
}

const DAY = 86_400_000;
/** A full ten minutes. */
const NOW = Date.UTC(2026, 10, 23, 12);

export function archiveContract(name: string, make: () => ArchiveUnderTest): void {
  describe(`${name} as an archive`, () => {
    let store: ArchiveUnderTest;
    let project: string;

    beforeEach(() => {
      store = make();
      project = newProjectId();
    });

    const run = async (changes: Partial<ArchiveDependencies> = {}): Promise<number> =>
      await archiveReleased({
        ...store,
        ...{ afterDays: 30, gauge: { fullShare: async () => await Promise.resolve(0.5) }, clock: () => NOW },
        ...{ makeId: makeTestId, ...changes },
      });

    /** Released mistakes with these answers, their release ready so many days ago. */
    const release = async (answers: readonly string[], daysAgo = 40): Promise<readonly string[]> => {
      const captured = answers.map((answer) => capturedMistake(project, {}, exchangeOf("Why?", answer)));
      await store.mistakes.insertCaptured(captured);
      const ids = captured.map(({ mistake }) => mistake.id);
      for (const id of ids) {
        await store.mistakes.addAnalysis(analysisOf(project, id));
        await store.mistakes.review(reviewOf(project, id));
      }
      const made = releaseOf(project);
      await store.releases.insert(made);
      await store.mistakes.claimForRelease(project, made.id, 1000);
      const readyAt = NOW - daysAgo * DAY;
      const counts = { analysis: ids.length, normal: 0 };
      await store.releases.publish(project, made.id, { counts, files: [], readyAt, mistakeIds: ids });
      return ids;
    };
    const segments = async (): Promise<readonly string[]> =>
      await store.objects.list(`projects/${project}/archive/`, 100);
    const answerOf = async (id: string): Promise<unknown> =>
      (await store.mistakes.get(project, id))?.mistake.exchange.answer.content;

    it("keeps every text readable, in one segment for many, and does it once", async () => {
      const answers = [...HOSTILE_TEXTS, "界".repeat(3000), "last"];
      const ids = await release(answers);
      const before = await store.mistakes.list(project, {}, { limit: 100, cursor: null });
      expect(await run()).toBe(ids.length);
      expect(await segments()).toHaveLength(1);
      expect(await store.mistakes.list(project, {}, { limit: 100, cursor: null })).toEqual(before);
      for (const [place, id] of ids.entries()) expect(await answerOf(id)).toBe(answers[place]);
      expect(await run()).toBe(0);
      expect(await segments()).toHaveLength(1);
    });

    it("leaves what is not released, and what was released lately, unless the database is nearly full", async () => {
      await store.mistakes.insertCaptured([capturedMistake(project)]);
      const [id] = await release(["recent"], 10);
      expect(await run()).toBe(0);
      expect(await run({ clock: () => NOW + 60_000, afterDays: 1 })).toBe(0);
      const crowded = { fullShare: async () => await Promise.resolve(0.9) };
      expect(await run({ clock: () => NOW + 60_000, gauge: crowded })).toBe(1);
      expect(await answerOf(id ?? "")).toBe("recent");
    });

    it("loses nothing and leaves nothing behind when it dies after writing a segment", async () => {
      const [id] = await release(["kept"]);
      const moveTexts = async (): Promise<never> => await Promise.reject(new Error("the isolate is gone"));
      const archive = new Proxy(store.archive, {
        get: (target, key): unknown => {
          const value: unknown = key === "moveTexts" ? moveTexts : Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      await expect(run({ archive })).rejects.toThrow("gone");
      expect(await segments()).toHaveLength(1);
      const [orphan] = await segments();
      expect(await answerOf(id ?? "")).toBe("kept");
      // It is another's turn to write; what was announced long ago is deleted.
      expect(await run({ clock: () => NOW + 60 * 60_000 })).toBe(1);
      expect(await segments()).toHaveLength(1);
      expect(await segments()).not.toContain(orphan);
      expect(await answerOf(id ?? "")).toBe("kept");
    });

    it("moves nothing into a segment that was abandoned meanwhile", async () => {
      const [id] = await release(["kept"]);
      const segment = { projectId: project, key: `projects/${project}/archive/slow.jsonl` };
      await store.archive.announce(segment, NOW);
      expect(await store.archive.abandon(NOW + 1, 100)).toContainEqual(segment);
      const text = JSON.stringify(exchangeOf("Why?", "kept"));
      expect(await store.archive.moveTexts(segment, [{ id: id ?? "", text, pointer: "gone#0,1" }])).toEqual([]);
      expect(await answerOf(id ?? "")).toBe("kept");
      await store.archive.forget(segment);
    });

    it("does not move a text that is no longer the row's", async () => {
      const [id] = await release(["new words"]);
      const segment = { projectId: project, key: `projects/${project}/archive/late.jsonl` };
      await store.archive.announce(segment, NOW);
      const text = JSON.stringify(exchangeOf("Why?", "old words"));
      expect(await store.archive.moveTexts(segment, [{ id: id ?? "", text, pointer: "late#0,1" }])).toEqual([]);
      expect(await answerOf(id ?? "")).toBe("new words");
    });

    it("erases one text of a segment and leaves its neighbours, until none is left", async () => {
      const ids = await release(["first words", "second words", "third words"]);
      await run();
      const [segment] = await segments();
      const expired = await store.retention.listExpired(project, Date.UTC(2100, 0), 10);
      const keys = ids.map((id) => expired.find((each) => each.id === id)?.objectKey ?? "");
      await eraseStoredTexts(store.objects, [keys[1] ?? ""]);
      expect(await store.objects.getText(segment ?? "")).not.toContain("second words");
      expect(await answerOf(ids[0] ?? "")).toBe("first words");
      expect(await answerOf(ids[2] ?? "")).toBe("third words");
      await eraseStoredTexts(store.objects, [keys[1] ?? ""]);
      await Promise.all(
        [keys[0], keys[2]].map(async (key) => {
          await eraseStoredTexts(store.objects, [key ?? ""]);
        }),
      );
      expect(await segments()).toEqual([]);
    });
  });
}
