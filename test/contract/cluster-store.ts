// What every store of clusters must do, under the captures that use it. Law: run on D1 and on the fake that other tests trust.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { createMakeId } from "../../src/lib/ids.ts";
import type { ClusterOrder, ClusterStore } from "../../src/mistake/cluster-store.ts";
import type { Counter } from "../../src/mistake/cluster.ts";
import type { Captured, MistakeStore } from "../../src/mistake/mistake-store.ts";
import type { Mistake } from "../../src/mistake/mistake.ts";
import type { RetentionStore } from "../../src/mistake/retention-store.ts";
import { capturesInto, UNLIMITED } from "../fakes/poisoning.ts";
import { TOPICS, variantOf } from "../fixtures/near-duplicates.ts";
import {
  analysisOf,
  capturedAttack,
  capturedMistake,
  makeTestId,
  newProjectId,
  reviewOf,
  type CapturedMistake,
} from "../fixtures/records.ts";

export interface ClusterStoreUnderTest {
  readonly mistakes: MistakeStore;
  readonly clusters: ClusterStore;
  readonly retention: RetentionStore;
}

const LONG_AGO = 1_600_000_000_000;
const makeOldId = createMakeId(
  () => LONG_AGO,
  (length) => crypto.getRandomValues(new Uint8Array(length)),
);

export function clusterStoreContract(name: string, make: () => ClusterStoreUnderTest): void {
  describe(`${name} as a store of clusters`, () => {
    let stores: ClusterStoreUnderTest;
    let project: string;
    const insert = async (...captured: readonly Captured[]): Promise<void> => {
      await capturesInto(stores).insertCaptured(captured);
    };
    const made = (topic: number, variant = 0, changes: Partial<Omit<Mistake, "exchange">> = {}): CapturedMistake =>
      capturedMistake(project, changes, variantOf(topic, variant));
    const stored = async (projectId = project): Promise<readonly Mistake[]> =>
      (await stores.mistakes.list(projectId, {}, { limit: 100, cursor: null })).items.map(({ mistake }) => mistake);
    const sizes = async (projectId = project): Promise<readonly number[]> => {
      const ids = (await stored(projectId)).flatMap(({ clusterId }) => clusterId ?? []);
      return [...(await stores.clusters.sizes(projectId, ids)).values()].toSorted((left, right) => left - right);
    };
    const answersOf = (found: readonly Mistake[]): readonly string[] =>
      found.map(({ exchange }) => JSON.stringify(exchange)).toSorted();

    beforeEach(() => {
      stores = make();
      project = newProjectId();
    });

    it("counts an exact recurrence, whatever its case and blanks, and stores it no second time", async () => {
      const first = made(0);
      await insert(first, capturedAttack(project));
      const [[prompt, answer]] = TOPICS;
      const loud = { messages: [{ role: "user" as const, content: `  ${prompt.toUpperCase()}\u200b ` }] };
      const again = capturedMistake(
        project,
        {},
        { ...loud, answer: { role: "assistant" as const, content: `${answer}\n` } },
      );
      await insert(again);
      await insert(again, again);
      expect(await stored()).toHaveLength(1);
      expect(await sizes()).toEqual([2]);
      const found = await stores.mistakes.get(project, again.mistake.id);
      expect(found?.mistake.id).toBe(first.mistake.id);
      expect(await stores.mistakes.get(newProjectId(), again.mistake.id)).toBeNull();
    });

    it("stores a near duplicate, in the cluster of the first one", async () => {
      await insert(made(0));
      await insert(made(0, 1), made(1), made(0, 2));
      const found = await stored();
      expect(found).toHaveLength(4);
      expect(await sizes()).toEqual([1, 3]);
      const value = found.at(-1)?.clusterId ?? "none";
      const page = await stores.mistakes.list(
        project,
        { narrow: { by: "cluster", value } },
        { limit: 10, cursor: null },
      );
      expect(page.items).toHaveLength(3);
    });

    it("keeps the same exchange under another kind, source or correction as a mistake of its own", async () => {
      await insert(made(0));
      await insert(
        made(0, 0, { kind: "harmful" }),
        made(0, 0, { source: "import" }),
        made(0, 0, { correction: "No." }),
      );
      expect(await stored()).toHaveLength(4);
      expect(await sizes()).toEqual([4]);
    });

    it("knows nothing of another project's clusters", async () => {
      await insert(made(0));
      const other = capturedMistake(newProjectId(), {}, variantOf(0, 0));
      await insert(other);
      expect(await sizes()).toEqual([1]);
      expect(await sizes(other.mistake.projectId)).toEqual([1]);
      const [mine] = await stored();
      expect((await stores.clusters.sizes(other.mistake.projectId, [mine?.clusterId ?? ""])).size).toBe(0);
    });

    it("stores the same and counts the same, in whatever order and groups a queue delivers", async () => {
      const delivery = fc.record({ of: fc.nat(11), ends: fc.boolean() });
      const kinds = fc.array(fc.record({ topic: fc.nat(4), variant: fc.nat(2) }), { minLength: 12, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(kinds, fc.array(delivery, { minLength: 1, maxLength: 20 }), async (contents, deliveries) => {
          project = newProjectId();
          const known = contents.map(({ topic, variant }) => made(topic, variant));
          const model = new Map(deliveries.map(({ of }) => [of, contents[of]]));
          let batch: CapturedMistake[] = [];
          for (const [index, { of, ends }] of deliveries.entries()) {
            batch.push(...known.slice(of, of + 1));
            if (!ends && index < deliveries.length - 1) continue;
            await insert(...batch);
            batch = [];
          }
          const delivered = [...model.values()].flatMap((content) => content ?? []);
          const different = new Map(delivered.map(({ topic, variant }) => [`${topic} ${variant}`, { topic, variant }]));
          const wanted = [...different.values()].map(({ topic, variant }) => JSON.stringify(variantOf(topic, variant)));
          expect(answersOf(await stored())).toEqual(wanted.toSorted());
          const bySize = TOPICS.map((_, topic) => delivered.filter((content) => content.topic === topic).length);
          const wantedSizes = bySize.filter((size) => size > 0).toSorted((left, right) => left - right);
          expect(await sizes()).toEqual(wantedSizes);
        }),
        { numRuns: 12 },
      );
    });

    it("loses and doubles nothing when consumers store the same at once", async () => {
      const all = Array.from({ length: 24 }, (_, index) => made(index % 3, index % 4));
      const parts = [all.slice(0, 16), all.slice(8), all.slice(4, 20)];
      await Promise.all(
        parts.map(async (part) => {
          await insert(...part);
        }),
      );
      const found = await stored();
      expect(new Set(answersOf(found)).size).toBe(found.length);
      expect(found).toHaveLength(12);
      expect((await sizes()).reduce((sum, size) => sum + size, 0)).toBe(all.length);
      for (const { mistake } of all) expect(await stores.mistakes.get(project, mistake.id)).not.toBeNull();
    });

    it.each<[ClusterOrder, readonly number[]]>([
      ["newest", [3, 2, 4]],
      ["largest", [4, 3, 2]],
    ])("lists clusters of two and more, %s first, in pages", async (order, wanted) => {
      const counts = [4, 2, 1, 3];
      for (const [topic, count] of counts.entries()) {
        for (let index = 0; index < count; index += 1) await insert(made(topic, index));
      }
      const seen: number[] = [];
      let cursor: string | null = null;
      for (let more = true; more;) {
        const page: Awaited<ReturnType<ClusterStore["list"]>> = await stores.clusters.list(project, order, {
          limit: 2,
          cursor,
        });
        seen.push(...page.items.map(({ size }) => size));
        cursor = page.items.at(-1)?.id ?? null;
        more = page.hasMore;
      }
      expect(seen).toEqual(wanted);
      const others = await stores.clusters.list(newProjectId(), order, { limit: 2, cursor: null });
      expect(others).toEqual({ items: [], hasMore: false });
    });

    it("knows when a cluster's first and latest mistake came", async () => {
      const [first, second] = [made(0), made(0, 1)];
      await insert(second);
      await insert(first);
      const { items } = await stores.clusters.list(project, "newest", { limit: 1, cursor: null });
      expect(items[0]).toMatchObject({ createdAt: second.mistake.createdAt, latestAt: second.mistake.createdAt });
    });

    it("counts what comes in a period once for each mistake, and forgets old periods", async () => {
      const capped = { ...UNLIMITED, caps: { key: 50, end_user: 50, cluster: 50 } };
      const provenance = { ...made(0).mistake.provenance, endUser: "1.person" };
      const [first, near] = [made(0, 0, { provenance }), made(0, 1, { provenance })];
      for (let time = 0; time < 2; time += 1) await capturesInto(stores, capped).insertCaptured([first, near, near]);
      const startMinute = Math.floor(first.mistake.createdAt / 86_400_000) * 1_440;
      const counterOf = (subject: string): Counter => ({
        projectId: project,
        subject,
        lengthMinutes: 1_440,
        startMinute,
      });
      const [leader] = await stored();
      const counters = ["key:key_root", "user:1.person", `cluster:${leader?.clusterId ?? ""}`, "key:other"].map(
        counterOf,
      );
      expect([...(await stores.clusters.counts(counters)).values()]).toEqual([2, 2, 1]);
      expect(await stores.clusters.prune(startMinute)).toBeGreaterThanOrEqual(0);
      expect((await stores.clusters.counts(counters)).size).toBe(3);
      expect(await stores.clusters.prune(startMinute + 1)).toBeGreaterThanOrEqual(3);
      expect((await stores.clusters.counts(counters)).size).toBe(0);
    });

    it("lets no mistake in quarantine stand for one that may be learned from", async () => {
      const held = made(0, 0, { quarantine: "cap" });
      const free = made(0);
      await insert(held, made(0, 0, { quarantine: "cap" }), free, made(0, 0, { quarantine: "source" }), made(0));
      expect((await stored()).map(({ id, quarantine }) => [id, quarantine]).toReversed()).toEqual([
        [held.mistake.id, "cap"],
        [free.mistake.id, null],
      ]);
      expect(await sizes()).toEqual([5]);
      const narrow = { by: "quarantine", value: "cap" } as const;
      const page = await stores.mistakes.list(project, { narrow }, { limit: 10, cursor: null });
      expect(page.items.map(({ mistake }) => mistake.id)).toEqual([held.mistake.id]);
    });

    it("gives a release nothing from quarantine, until a person has confirmed that one", async () => {
      const held = made(0, 0, { quarantine: "burst", state: "confirmed" });
      await insert(held);
      await stores.mistakes.addAnalysis(analysisOf(project, held.mistake.id));
      const claimed = async (): Promise<number> => {
        const releaseId = makeTestId("rel");
        await stores.mistakes.claimForRelease(project, releaseId, 10);
        const options = { after: null, limit: 10, includeReleased: false };
        return (await stores.mistakes.listClaimed(project, releaseId, options)).length;
      };
      expect(await claimed()).toBe(0);
      await stores.mistakes.review(reviewOf(project, held.mistake.id, { decision: "dismiss" }));
      expect((await stores.mistakes.get(project, held.mistake.id))?.mistake.quarantine).toBe("burst");
      await stores.mistakes.review(reviewOf(project, held.mistake.id));
      expect((await stores.mistakes.get(project, held.mistake.id))?.mistake.quarantine).toBeNull();
      expect(await claimed()).toBe(1);
    });

    it("names for analysis what has none and waits for nobody, each once", async () => {
      const [open, held, analysed, dismissed] = [made(0), made(1, 0, { quarantine: "cap" }), made(2), made(3)];
      const again = made(0);
      await insert(open, held, analysed, dismissed);
      await insert(again);
      await stores.mistakes.addAnalysis(analysisOf(project, analysed.mistake.id));
      await stores.mistakes.review(reviewOf(project, dismissed.mistake.id, { decision: "dismiss" }));
      const ask = async (projectId: string): Promise<readonly object[]> =>
        await stores.clusters.analysable(
          [again, held, open, analysed, dismissed, made(4)].map(({ mistake }) => ({
            projectId,
            mistakeId: mistake.id,
          })),
        );
      expect(await ask(project)).toEqual([{ projectId: project, mistakeId: open.mistake.id }]);
      expect(await ask(newProjectId())).toEqual([]);
      await stores.mistakes.review(reviewOf(project, held.mistake.id));
      expect(await ask(project)).toHaveLength(2);
    });

    it("forgets a cluster with its last mistake, and with a mistake its recurrences", async () => {
      const old = made(0, 0, { id: makeOldId("mis"), createdAt: LONG_AGO });
      const again = made(0);
      await insert(old);
      await insert(again);
      expect(await sizes()).toEqual([2]);
      const expired = await stores.retention.listExpired(project, LONG_AGO + 1, 10);
      await stores.retention.deleteExpired(project, expired);
      expect(await stores.mistakes.get(project, again.mistake.id)).toBeNull();
      expect((await stores.clusters.list(project, "newest", { limit: 5, cursor: null })).items).toEqual([]);
      await insert(made(0, 1));
      expect(await sizes()).toEqual([1]);
    });
  });
}
