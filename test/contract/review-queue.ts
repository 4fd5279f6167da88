// What every review queue must do. Law: run on D1 and on the fake; nobody ever holds what another one holds, in whatever order people
// claim, renew, give back and decide, and however the clock runs.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Captured } from "../../src/mistake/mistake-store.ts";
import type { Claim, ConditionalEntry } from "../../src/mistake/review-queue.ts";
import {
  auditEntryOf,
  capturedMistake,
  makeTestId,
  newProjectId,
  reviewOf,
  wholeReviewOf,
} from "../fixtures/records.ts";
import type { ReviewsUnderTest } from "./reviews-under-test.ts";

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;

interface Held {
  readonly leaseId: string;
  readonly keyId: string;
  readonly until: number;
}

type Step =
  | { readonly does: "claim"; readonly who: number; readonly limit: number; readonly minutes: number }
  | {
      readonly does: "renew" | "give_back" | "decide";
      readonly who: number;
      readonly which: number;
      readonly minutes: number;
    }
  | { readonly does: "wait"; readonly minutes: number };

const who = fc.nat(2);
const minutes = fc.integer({ min: 1, max: 4 });
const arbitrarySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant("claim" as const), who, limit: fc.integer({ min: 1, max: 4 }), minutes }),
    fc.record({
      does: fc.constantFrom("renew" as const, "give_back" as const, "decide" as const),
      who,
      which: fc.nat(9),
      minutes,
    }),
    fc.record({ does: fc.constant("wait" as const), minutes }),
  ),
  { maxLength: 14 },
);

export function reviewQueueContract(name: string, make: () => ReviewsUnderTest): void {
  describe(`${name} as a review queue`, () => {
    let under: ReviewsUnderTest;
    let project: string;

    beforeEach(() => {
      under = make();
      project = newProjectId();
    });

    const insert = async (captured: readonly Captured[]): Promise<void> => {
      await under.mistakes.insertCaptured(captured);
    };

    const enqueue = async (entries: readonly ConditionalEntry[]): Promise<void> => {
      await under.mistakes.insertCaptured([], entries);
    };

    const entryOf = (mistakeId: string, changes: Partial<ConditionalEntry> = {}): ConditionalEntry => ({
      ...{ mistakeId, projectId: project, priority: 5, reason: "flagged", enqueuedAt: 1 },
      ...{ quarantines: null, clusterSizeFrom: 0 },
      ...changes,
    });

    const claimOf = (keyId: string, changes: Partial<Claim> = {}): Claim => ({
      projectId: project,
      lease: { id: makeTestId("lea"), holder: { keyId, reviewer: null }, expiresAt: NOW + MINUTE },
      ...{ limit: 10, filter: {}, voices: "keys", now: NOW },
      ...changes,
    });

    const claimed = async (claim: Claim): Promise<readonly string[]> =>
      (await under.queue.claim(claim)).map(({ mistakeId }) => mistakeId);

    const queued = async (): Promise<readonly string[]> =>
      (await under.queue.listQueue({ projectId: project, limit: 100, after: null })).map(({ mistakeId }) => mistakeId);

    const insertQueued = async (size: number): Promise<readonly string[]> => {
      const captured = Array.from({ length: size }, () => capturedMistake(project));
      await insert(captured);
      const ids = captured.map(({ mistake }) => mistake.id);
      await enqueue(ids.map((id) => entryOf(id)));
      return ids;
    };

    it("holds a mistake once, whatever comes again, and nothing that is decided or not there", async () => {
      const captured = [capturedMistake(project), capturedMistake(project)];
      await insert(captured);
      const [first, second] = captured.map(({ mistake }) => mistake.id);
      if (first === undefined || second === undefined) throw new Error("two were made");
      await under.mistakes.review(reviewOf(project, second, { decision: "dismiss" }));
      for (const reason of ["flagged", "another"]) {
        await enqueue([first, second, "mis_nothing"].map((id) => entryOf(id, { reason })));
      }
      expect(await under.queue.listQueue({ projectId: project, limit: 10, after: null })).toEqual([
        { mistakeId: first, projectId: project, priority: 5, reason: "flagged", enqueuedAt: 1, lease: null },
      ]);
      await enqueue([]);
    });

    it("takes the first entry of a mistake that holds, by its quarantine and the size of its cluster", async () => {
      const clusterId = makeTestId("mis").replace("mis", "clu");
      const contents = ["a", "b", "c"].map((each) => ({ contentHash: each, sketch: "s", counters: [] }));
      const clustered = contents.map((mark) => ({ ...capturedMistake(project, { clusterId }), mark }));
      const quarantined = capturedMistake(project, { quarantine: "burst" });
      const plain = capturedMistake(project);
      await insert([...clustered, quarantined, plain]);
      const entries = [...clustered, quarantined, plain].flatMap(({ mistake: { id } }) => [
        entryOf(id, { reason: "untrusted", priority: 1, quarantines: ["source"] }),
        entryOf(id, { reason: "flood", priority: 9, quarantines: ["burst", "cap"] }),
        entryOf(id, { reason: "too_large", priority: 2, clusterSizeFrom: 4 }),
        entryOf(id, { reason: "large", priority: 3, clusterSizeFrom: 3 }),
        ...(id === plain.mistake.id ? [] : [entryOf(id)]),
      ]);
      await enqueue(entries);
      const rows = await under.queue.listQueue({ projectId: project, limit: 10, after: null });
      expect(rows.map(({ mistakeId, reason, priority }) => [mistakeId, reason, priority])).toEqual([
        ...clustered.map(({ mistake }) => [mistake.id, "large", 3]),
        [quarantined.mistake.id, "flood", 9],
      ]);
    });

    it("gives the most urgent first, then the oldest, and lists them in that order by pages", async () => {
      const captured = Array.from({ length: 6 }, () => capturedMistake(project));
      await insert(captured);
      const entries = captured.map(({ mistake: { id } }, index) => entryOf(id, { priority: 3 - (index % 3) }));
      await enqueue(entries.toReversed());
      const inOrder = entries
        .toSorted((left, right) => left.priority - right.priority || (left.mistakeId < right.mistakeId ? -1 : 1))
        .map(({ mistakeId }) => mistakeId);
      const page = await under.queue.listQueue({ projectId: project, limit: 4, after: null });
      expect(page.map(({ mistakeId }) => mistakeId)).toEqual(inOrder.slice(0, 5));
      const after = page[3] ?? null;
      const rest = await under.queue.listQueue({ projectId: project, limit: 4, after });
      expect(rest.map(({ mistakeId }) => mistakeId)).toEqual(inOrder.slice(4));
      expect(await claimed(claimOf("key_a", { limit: 4 }))).toEqual(inOrder.slice(0, 4));
      expect(await claimed(claimOf("key_b"))).toEqual(inOrder.slice(4));
    });

    it("gives only what the filter says", async () => {
      const wanted = capturedMistake(project, { source: "import", kind: "harmful", categories: ["S1", "S2"] });
      const others = [
        capturedMistake(project, { kind: "harmful", categories: ["S1"] }),
        capturedMistake(project, { source: "import", categories: ["S1"] }),
        capturedMistake(project, { source: "import", kind: "harmful", categories: ["S3"] }),
      ];
      await insert([...others, wanted]);
      await enqueue(
        [...others, wanted].map(({ mistake: { id } }) =>
          entryOf(id, id === wanted.mistake.id ? { reason: "reported" } : {}),
        ),
      );
      const filter = { source: "import", kind: "harmful", category: "S2", reason: "reported" } as const;
      expect(await claimed(claimOf("key_a", { filter }))).toEqual([wanted.mistake.id]);
      expect(await claimed(claimOf("key_a", { filter: { reason: "reported" } }))).toEqual([]);
      expect(await claimed(claimOf("key_a", { filter: { category: "S3" } }))).toHaveLength(1);
      expect(await claimed(claimOf("key_a", { projectId: newProjectId() }))).toEqual([]);
    });

    it("never gives one mistake to two of many claims at once", async () => {
      const ids = await insertQueued(60);
      const claims = await Promise.all(
        Array.from({ length: 24 }, async (_, index) => await claimed(claimOf(`key_${index}`, { limit: 4 }))),
      );
      const given = claims.flat();
      expect(new Set(given).size).toBe(given.length);
      expect(given.toSorted()).toEqual([...ids]);
    });

    it("gives again what was given back, or whose lease ended, and takes no renewal of what another one holds", async () => {
      const [first, second] = await insertQueued(2);
      if (first === undefined || second === undefined) throw new Error("two were made");
      const mine = claimOf("key_a");
      await claimed(mine);
      expect(await under.queue.giveBack(project, mine.lease.id, "key_b", null)).toBe(0);
      expect(await under.queue.giveBack(project, mine.lease.id, "key_a", first)).toBe(1);
      expect(await claimed(claimOf("key_b"))).toEqual([first]);
      const late = NOW + 2 * MINUTE;
      expect(await under.queue.renew(project, { id: mine.lease.id, keyId: "key_b", expiresAt: late })).toBe(0);
      expect(await under.queue.renew(project, { id: mine.lease.id, keyId: "key_a", expiresAt: late })).toBe(1);
      expect(await claimed(claimOf("key_c", { now: NOW + MINUTE }))).toEqual([first]);
      expect(await claimed(claimOf("key_d", { now: late }))).toEqual([first, second]);
      expect(await under.queue.renew(project, { id: mine.lease.id, keyId: "key_a", expiresAt: late + 1 })).toBe(0);
      expect(await under.queue.giveBack(project, mine.lease.id, "key_a", null)).toBe(0);
    });

    it("frees a mistake whoever holds it, with an entry in the audit, and only while somebody does", async () => {
      const [id] = await insertQueued(1);
      if (id === undefined) throw new Error("one was made");
      const entry = auditEntryOf(project, { event: "lease_overridden", subject: id });
      expect(await under.queue.override(project, id, NOW, entry)).toBe(false);
      await claimed(claimOf("key_a"));
      expect(await under.queue.override(newProjectId(), id, NOW, entry)).toBe(false);
      expect(await under.queue.override(project, id, NOW, entry)).toBe(true);
      expect(await under.queue.override(project, id, NOW, auditEntryOf(project))).toBe(false);
      expect(await claimed(claimOf("key_b"))).toEqual([id]);
      expect(await under.auditOf(project)).toEqual([entry]);
    });

    it("gives nobody what their own voice decided on already", async () => {
      const [id] = await insertQueued(1);
      if (id === undefined) throw new Error("one was made");
      const review = wholeReviewOf(project, id, { keyId: "key_a", reviewer: "ann", required: 2 });
      const deciding = {
        reviews: [review],
        leaseId: null,
        unattended: false,
        quarantined: false,
        now: NOW,
        entry: auditEntryOf(project),
      };
      await under.reviews.decide({ ...deciding, voices: "reviewers" });
      const asked = (keyId: string, reviewer: string | null, voices: Claim["voices"]) =>
        claimOf(keyId, { lease: { id: makeTestId("lea"), holder: { keyId, reviewer }, expiresAt: NOW }, voices });
      expect(await claimed(asked("key_a", "ann", "reviewers"))).toEqual([]);
      expect(await claimed(asked("key_a", "ben", "keys"))).toEqual([]);
      expect(await claimed(asked("key_a", "ben", "reviewers"))).toEqual([id]);
      expect(await claimed(asked("key_b", "ann", "keys"))).toEqual([id]);
    });

    it("gives each mistake to one holder at a time, whatever happens in whatever order", async () => {
      await fc.assert(
        fc.asyncProperty(arbitrarySteps, async (steps) => {
          project = newProjectId();
          const ids = await insertQueued(6);
          const held = new Map<string, Held>();
          const leases: { readonly id: string; readonly keyId: string }[] = [];
          const decided = new Set<string>();
          let now = NOW;
          for (const step of steps) {
            if (step.does === "wait") {
              now += step.minutes * MINUTE;
              continue;
            }
            const keyId = `key_${step.who}`;
            const expiresAt = now + step.minutes * MINUTE;
            if (step.does === "claim") {
              const lease = { id: makeTestId("lea"), holder: { keyId, reviewer: null }, expiresAt };
              const got = await claimed(claimOf(keyId, { lease, limit: step.limit, now }));
              const free = ids.filter((id) => !decided.has(id) && (held.get(id)?.until ?? 0) <= now);
              expect(got).toEqual(free.slice(0, step.limit));
              leases.push({ id: lease.id, keyId });
              for (const id of got) held.set(id, { leaseId: lease.id, keyId, until: expiresAt });
              continue;
            }
            const lease = leases.at(step.which % Math.max(1, leases.length));
            if (lease === undefined) continue;
            const mine = [...held].filter(([, each]) => each.leaseId === lease.id && each.keyId === keyId);
            if (step.does === "renew") {
              expect(await under.queue.renew(project, { id: lease.id, keyId, expiresAt })).toBe(mine.length);
              for (const [id, each] of mine) held.set(id, { ...each, until: expiresAt });
            } else if (step.does === "give_back") {
              expect(await under.queue.giveBack(project, lease.id, keyId, null)).toBe(mine.length);
              for (const [id] of mine) held.delete(id);
            } else {
              const id = ids[step.which % ids.length] ?? "";
              const isMine = mine.some(([mistakeId]) => mistakeId === id);
              const review = wholeReviewOf(project, id, { keyId });
              const entry = auditEntryOf(project);
              const deciding = {
                leaseId: lease.id,
                unattended: false,
                quarantined: false,
                voices: "keys",
                now,
                entry,
              } as const;
              expect(await under.reviews.decide({ ...deciding, reviews: [review] })).toHaveLength(isMine ? 1 : 0);
              if (!isMine) continue;
              decided.add(id);
              held.delete(id);
            }
          }
          expect(await queued()).toEqual(ids.filter((id) => !decided.has(id)));
        }),
        { numRuns: 25 },
      );
    });
  });
}
