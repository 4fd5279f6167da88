// What every release store must do. Law: run on D1 and on the fake that other tests trust in its place.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { MistakeStore } from "../../src/mistake/mistake-store.ts";
import type { Release } from "../../src/release/release.ts";
import type { PublishedRelease, ReleaseStore } from "../../src/release/release-store.ts";
import {
  analysisOf,
  capturedMistake,
  makeTestId,
  newProjectId,
  releaseOf,
  reviewOf,
  ticking,
} from "../fixtures/records.ts";

export interface ReleaseStoreUnderTest {
  readonly releases: ReleaseStore;
  readonly mistakes: MistakeStore;
}

export function releaseStoreContract(name: string, make: () => ReleaseStoreUnderTest): void {
  describe(`${name} as a release store`, () => {
    let releases: ReleaseStore;
    let mistakes: MistakeStore;
    let project: string;

    beforeEach(() => {
      ({ releases, mistakes } = make());
      project = newProjectId();
    });

    const inserted = async (changes: Partial<Release> = {}, projectId = project): Promise<Release> => {
      const release = releaseOf(projectId, changes);
      await releases.insert(release);
      return release;
    };

    const confirmed = async (count: number, projectId = project): Promise<readonly string[]> => {
      const captured = Array.from({ length: count }, () => capturedMistake(projectId));
      await mistakes.insertCaptured(captured);
      for (const { mistake } of captured) {
        await mistakes.addAnalysis(analysisOf(projectId, mistake.id));
        await mistakes.review(reviewOf(projectId, mistake.id));
      }
      return captured.map(({ mistake }) => mistake.id);
    };

    const statesOf = async (ids: readonly string[]): Promise<readonly (string | undefined)[]> =>
      await Promise.all(ids.map(async (id) => (await mistakes.get(project, id))?.mistake.state));

    const claimableBy = async (releaseId: string): Promise<readonly string[]> => {
      await mistakes.claimForRelease(project, releaseId, 100);
      const options = { after: null, limit: 100, includeReleased: false };
      return (await mistakes.listClaimed(project, releaseId, options)).map(({ mistake }) => mistake.id);
    };

    const published = (mistakeIds: readonly string[]): PublishedRelease => ({
      counts: { analysis: mistakeIds.length, normal: 3 },
      files: [{ name: "train.jsonl", bytes: 12, sha256: "ab".repeat(32), rows: 1 }],
      readyAt: ticking(),
      mistakeIds,
    });

    it.each<Partial<Release>>([
      {},
      { includeReleased: true, trigger: "schedule" },
      { status: "failed", failure: "«no» pairs: 没有\u0000" },
      { status: "ready", readyAt: 5, collectedAt: 6, counts: { analysis: 2, normal: 5 }, files: published([]).files },
    ])("gives back whole what was inserted (%#)", async (changes) => {
      const release = await inserted(changes);
      expect(await releases.get(project, release.id)).toEqual(release);
    });

    it("lists newest first, each once, in pages of any size", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(9), fc.integer({ min: 1, max: 5 }), async (size, limit) => {
          const projectId = newProjectId();
          const all = Array.from({ length: size }, () => releaseOf(projectId));
          for (const release of all) await releases.insert(release);
          const seen: Release[] = [];
          let hasMore = true;
          for (let pages = 0; hasMore; pages += 1) {
            expect(pages).toBeLessThanOrEqual(size);
            const page = await releases.list(projectId, { limit, cursor: seen.at(-1)?.id ?? null });
            seen.push(...page.items);
            hasMore = page.hasMore;
          }
          expect(seen).toEqual(all.toReversed());
          expect(await releases.newestCreatedAt(projectId)).toBe(all.at(-1)?.createdAt ?? null);
        }),
        { numRuns: 12 },
      );
    });

    it("publishes: the release is ready, its mistakes released, and what it claimed beyond them free", async () => {
      const ids = await confirmed(3);
      const release = await inserted();
      expect(await claimableBy(release.id)).toEqual(ids);
      const ready = published(ids.slice(0, 2));
      await releases.publish(project, release.id, ready);
      const { mistakeIds: _, ...shown } = ready;
      expect(await releases.get(project, release.id)).toEqual({ ...release, status: "ready", ...shown });
      expect(await statesOf(ids)).toEqual(["released", "released", "confirmed"]);
      expect(await claimableBy(makeTestId("rel"))).toEqual(ids.slice(2));
    });

    it("publishes nothing a second time, nor after a failure", async () => {
      const ids = await confirmed(2);
      const release = await inserted();
      await claimableBy(release.id);
      const first = published(ids.slice(0, 1));
      await releases.publish(project, release.id, first);
      const ready = await releases.get(project, release.id);
      await releases.publish(project, release.id, published(ids));
      await releases.fail(project, release.id, "too late");
      expect(await releases.get(project, release.id)).toEqual(ready);
      expect(await statesOf(ids)).toEqual(["released", "confirmed"]);

      const failed = await inserted();
      await claimableBy(failed.id);
      await releases.fail(project, failed.id, "the first reason");
      await releases.publish(project, failed.id, published(ids.slice(1)));
      await releases.fail(project, failed.id, "another reason");
      expect(await releases.get(project, failed.id)).toMatchObject({ status: "failed", failure: "the first reason" });
      expect(await statesOf(ids)).toEqual(["released", "confirmed"]);
    });

    it("settles what was written down page by page, and no dismissed mistake as released", async () => {
      const ids = await confirmed(5);
      const release = await inserted();
      const [dismissed = ""] = await confirmed(1);
      await mistakes.review(reviewOf(project, dismissed, { decision: "dismiss" }));
      await claimableBy(release.id);
      await releases.recordLineage(project, release.id, ids.slice(0, 3));
      await releases.recordLineage(project, release.id, [...ids.slice(1, 4), dismissed]);
      await releases.publish(project, release.id, published([]));
      for (let after: string | null = null, pages = 0; pages === 0 || after !== null; pages += 1) {
        expect(pages).toBeLessThan(10);
        after = await releases.settle(project, release.id, after, 2);
      }
      expect(await statesOf(ids)).toEqual(["released", "released", "released", "released", "confirmed"]);
      expect(await statesOf([dismissed])).toEqual(["dismissed"]);
      expect(await claimableBy(makeTestId("rel"))).toEqual(ids.slice(4));
    });

    it("tells which clusters a release holds, up to a mistake", async () => {
      const clusterIds = ["clu_a", "clu_b", "clu_a", "clu_c"].map((name) => `${name}_${project}`);
      const captured = clusterIds.map((clusterId) => capturedMistake(project, { clusterId, state: "confirmed" }));
      await mistakes.insertCaptured(captured);
      const ids = captured.map(({ mistake }) => mistake.id);
      const release = await inserted();
      await releases.recordLineage(project, release.id, ids.slice(1));
      const represented = async (upTo: string | null): Promise<readonly string[]> =>
        (await releases.representedClusters(project, release.id, [...clusterIds, "clu_nothing"], upTo)).toSorted();
      expect(await represented(null)).toEqual([]);
      expect(await represented(ids[0] ?? "")).toEqual([]);
      expect(await represented(ids[1] ?? "")).toEqual([clusterIds[1]]);
      expect(await represented(ids[2] ?? "")).toEqual([clusterIds[0], clusterIds[1]]);
      expect(await represented(ids[3] ?? "")).toEqual([clusterIds[0], clusterIds[1], clusterIds[3]]);
    });

    it("holds one outcome when publishing, publishing again and failing race", async () => {
      for (let round = 0; round < 5; round += 1) {
        const ids = await confirmed(2);
        const release = await inserted();
        await claimableBy(release.id);
        await Promise.all([
          releases.publish(project, release.id, published(ids.slice(0, 1))),
          releases.fail(project, release.id, "a failure"),
          releases.publish(project, release.id, published(ids.slice(1))),
        ]);
        const after = await releases.get(project, release.id);
        const released = (await statesOf(ids)).filter((state) => state === "released").length;
        expect(released).toBe(after?.status === "ready" ? 1 : 0);
      }
    });

    it("frees what a failed release claimed", async () => {
      const ids = await confirmed(2);
      const release = await inserted();
      await claimableBy(release.id);
      await releases.fail(project, release.id, "the normal pairs are not there");
      expect(await releases.get(project, release.id)).toMatchObject({
        status: "failed",
        failure: "the normal pairs are not there",
      });
      expect(await claimableBy(makeTestId("rel"))).toEqual(ids);
    });

    it("lists what was released before only if asked, and a later release can hold it again", async () => {
      const [first, second] = [await inserted(), await inserted({ includeReleased: true })];
      const ids = await confirmed(2);
      await claimableBy(first.id);
      await releases.publish(project, first.id, published(ids));
      expect(await claimableBy(second.id)).toEqual([]);
      const listed = await mistakes.listClaimed(project, second.id, { after: null, limit: 10, includeReleased: true });
      expect(listed.map(({ mistake }) => mistake.id)).toEqual(ids);
      await releases.publish(project, second.id, published(ids));
      expect(await releases.get(project, second.id)).toMatchObject({ status: "ready", counts: { analysis: 2 } });
      expect(await statesOf(ids)).toEqual(["released", "released"]);
    });

    it("remembers the first collection alone", async () => {
      const release = await inserted({ status: "ready" });
      await releases.markCollected(project, release.id, 100);
      await releases.markCollected(project, release.id, 200);
      expect(await releases.get(project, release.id)).toMatchObject({ collectedAt: 100 });
    });

    it("counts ready releases with analyses that nobody collected in time", async () => {
      const long = 1_000;
      const before = await releases.countUncollected(long);
      const waiting = { status: "ready", createdAt: 500, counts: { analysis: 1, normal: 3 } } as const;
      await inserted(waiting);
      await inserted(waiting, newProjectId());
      for (const changes of [
        { createdAt: long },
        { counts: { analysis: 0, normal: 0 } },
        { collectedAt: 600 },
        { status: "building" },
        { status: "failed" },
      ] as const) {
        await inserted({ ...waiting, ...changes });
      }
      expect((await releases.countUncollected(long)) - before).toBe(2);
    });

    it("shows and changes nothing of another project, whichever method is called", async () => {
      const other = newProjectId();
      const ids = await confirmed(1);
      const release = await inserted();
      await claimableBy(release.id);
      const crossings: Readonly<
        Record<Exclude<keyof ReleaseStore, "insert" | "countUncollected">, () => Promise<void>>
      > = {
        get: async () => {
          expect(await releases.get(other, release.id)).toBeNull();
        },
        list: async () => {
          expect(await releases.list(other, { limit: 10, cursor: null })).toEqual({ items: [], hasMore: false });
        },
        publish: async () => {
          await releases.publish(other, release.id, published(ids));
          const theirs = await inserted({}, other);
          await releases.publish(other, theirs.id, published(ids));
        },
        recordLineage: async () => {
          await releases.recordLineage(other, release.id, ids);
        },
        representedClusters: async () => {
          expect(await releases.representedClusters(other, release.id, ["clu_1"], "mis_~")).toEqual([]);
        },
        settle: async () => {
          expect(await releases.settle(other, release.id, null, 10)).toBeNull();
        },
        fail: async () => {
          await releases.fail(other, release.id, "not yours");
        },
        markCollected: async () => {
          await releases.markCollected(other, release.id, 100);
        },
        newestCreatedAt: async () => {
          expect(await releases.newestCreatedAt(newProjectId())).toBeNull();
        },
      };
      for (const cross of Object.values(crossings)) await cross();
      expect(await releases.get(project, release.id)).toEqual(release);
      expect(await statesOf(ids)).toEqual(["confirmed"]);
      expect(await claimableBy(makeTestId("rel"))).toEqual([]);
    });
  });
}
