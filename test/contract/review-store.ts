// What every review store must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import type { MistakeState } from "../../src/mistake/mistake.ts";
import type { BulkSelection, Decision, Standing } from "../../src/mistake/review-store.ts";
import type { Review } from "../../src/mistake/review.ts";
import {
  analysisOf,
  auditEntryOf,
  capturedMistake,
  makeTestId,
  newProjectId,
  reviewOf,
  wholeReviewOf,
} from "../fixtures/records.ts";
import type { ReviewsUnderTest } from "./reviews-under-test.ts";

const NOW = 1_800_000_000_000;

/** `ann:confirm`, `ben:dismiss`: whose key says what. */
type Said = `${string}:${"confirm" | "dismiss" | "relabel"}`;

export function reviewStoreContract(name: string, make: () => ReviewsUnderTest): void {
  describe(`${name} as a review store`, () => {
    let under: ReviewsUnderTest;
    let project: string;
    let id: string;

    const insert = async (changes: Parameters<typeof capturedMistake>[1] = {}): Promise<string> => {
      const captured = capturedMistake(project, changes);
      await under.mistakes.insertCaptured([captured]);
      await under.mistakes.addAnalysis(analysisOf(project, captured.mistake.id));
      return captured.mistake.id;
    };

    beforeEach(async () => {
      under = make();
      project = newProjectId();
      id = await insert();
    });

    const decide = async (review: Review, changes: Partial<Decision> = {}): Promise<readonly Standing[]> =>
      await under.reviews.decide({
        ...{ reviews: [review], leaseId: null, unattended: false, quarantined: false, voices: "keys", now: NOW },
        entry: auditEntryOf(project, { subject: review.mistakeId }),
        ...changes,
      });

    const stateOf = async (mistakeId = id): Promise<MistakeState | undefined> =>
      (await under.mistakes.get(project, mistakeId))?.mistake.state;

    const reasonsOf = async (): Promise<readonly string[]> =>
      (await under.queue.listQueue({ projectId: project, limit: 10, after: null })).map(({ reason }) => reason);

    const enqueue = async (mistakeId = id): Promise<void> => {
      const entry = { mistakeId, projectId: project, priority: 5, reason: "flagged", enqueuedAt: NOW };
      await under.mistakes.insertCaptured([], [{ ...entry, quarantines: null, clusterSizeFrom: 0 }]);
    };

    /** The lease's id. */
    const claim = async (keyId: string, expiresAt = NOW + 1000): Promise<string> => {
      const lease = { id: makeTestId("lea"), holder: { keyId, reviewer: null }, expiresAt };
      await under.queue.claim({ projectId: project, lease, limit: 10, filter: {}, voices: "keys", now: NOW });
      return lease.id;
    };

    it.each<[readonly Said[], 1 | 2, MistakeState, readonly string[]]>([
      [["ann:confirm"], 1, "confirmed", []],
      [["ann:dismiss"], 1, "dismissed", []],
      [["ann:relabel"], 1, "analysed", ["flagged"]],
      [["ann:confirm", "ben:dismiss"], 1, "dismissed", []],
      [["ann:confirm", "ann:relabel"], 1, "confirmed", []],
      [["ann:confirm"], 2, "analysed", ["second_reviewer"]],
      [["ann:dismiss"], 2, "analysed", ["second_reviewer"]],
      [["ann:confirm", "ann:confirm"], 2, "analysed", ["second_reviewer"]],
      [["ann:confirm", "ben:confirm"], 2, "confirmed", []],
      [["ann:dismiss", "ben:dismiss"], 2, "dismissed", []],
      [["ann:confirm", "ben:dismiss"], 2, "analysed", ["disagreement"]],
      [["ann:confirm", "ben:dismiss", "cyd:confirm"], 2, "confirmed", []],
      [["ann:confirm", "ben:dismiss", "ben:confirm"], 2, "confirmed", []],
      [["ann:confirm", "ben:confirm", "ben:dismiss"], 2, "analysed", ["disagreement"]],
      [["ann:confirm", "ben:confirm", "cyd:dismiss"], 2, "confirmed", []],
      [["ann:confirm", "ben:confirm", "cyd:dismiss", "dan:dismiss"], 2, "dismissed", []],
      [["ann:confirm", "ben:relabel", "ben:confirm"], 2, "analysed", ["second_reviewer"]],
      [["ann:confirm", "ben:confirm", "cyd:relabel"], 2, "analysed", ["second_reviewer"]],
    ])("after %j, %i needed, it is %s", async (said, required, state, reasons) => {
      await enqueue();
      for (const each of said) {
        const [keyId, decision] = each.split(":");
        if (decision !== "confirm" && decision !== "dismiss" && decision !== "relabel") throw new Error(each);
        const kind = decision === "relabel" ? "harmful" : null;
        await decide(wholeReviewOf(project, id, { keyId: keyId ?? "", decision, kind, required }));
      }
      expect(await stateOf()).toBe(state);
      expect(await reasonsOf()).toEqual(reasons);
      expect(await under.reviews.listReviews(project, id)).toHaveLength(said.length);
    });

    it("tells how many voices say what, by keys or by names", async () => {
      for (const [keyId, reviewer, decision] of [
        ["key_a", "ann", "confirm"],
        ["key_a", "ben", "confirm"],
        ["key_b", null, "dismiss"],
      ] as const) {
        await decide(wholeReviewOf(project, id, { keyId, reviewer, decision, required: 3 }), { voices: "reviewers" });
      }
      const said = { mistakeId: id, state: "analysed", dismissals: 1 };
      expect(await under.reviews.standingOf(project, [id], "keys")).toEqual([{ ...said, confirmations: 1 }]);
      expect(await under.reviews.standingOf(project, [id], "reviewers")).toEqual([{ ...said, confirmations: 2 }]);
      expect(await under.reviews.standingOf(newProjectId(), [id], "keys")).toEqual([]);
    });

    it("keeps a review whole, and changes of the mistake what it says", async () => {
      const review = wholeReviewOf(project, id, {
        ...{ reviewer: "安", comment: "不好\u0000", kind: "harmful", categories: ["S1", "S2"] },
        ...{ correction: "We repair it.", bulkId: "blk_1" },
      });
      expect(await decide(review)).toEqual([{ mistakeId: id, state: "confirmed", confirmations: 1, dismissals: 0 }]);
      expect(await under.reviews.listReviews(project, id)).toEqual([review]);
      const changed = { kind: "harmful", categories: ["S1", "S2"], correction: "We repair it." };
      expect((await under.mistakes.get(project, id))?.mistake).toMatchObject(changed);
      await decide(wholeReviewOf(project, id, { reviewer: "安" }));
      expect((await under.mistakes.get(project, id))?.mistake).toMatchObject(changed);
      expect((await under.reviews.listReviews(project, id)).map(({ standing }) => standing)).toEqual([false, true]);
    });

    it("writes one entry in the audit, and only where something was decided", async () => {
      const entry = auditEntryOf(project, { details: { decision: "confirm", reviewer: null } });
      await decide(wholeReviewOf(project, "mis_nothing"), { entry: auditEntryOf(project) });
      await decide(wholeReviewOf(project, id), { entry });
      expect(await under.auditOf(project)).toEqual([entry]);
      expect(await decide(wholeReviewOf(project, id), { reviews: [] })).toEqual([]);
    });

    it("refuses what is not there, another project's, or held by a release", async () => {
      const other = newProjectId();
      expect(await decide(wholeReviewOf(project, "mis_nothing"))).toEqual([]);
      expect(await decide(wholeReviewOf(other, id))).toEqual([]);
      const asked = { leaseId: null, now: NOW };
      expect(await under.reviews.refusal(project, "mis_nothing", asked)).toBe("not_found");
      expect(await under.reviews.refusal(other, id, asked)).toBe("not_found");
      await decide(wholeReviewOf(project, id));
      await under.mistakes.claimForRelease(project, "rel_1", 1);
      expect(await decide(wholeReviewOf(project, id, { decision: "dismiss" }))).toEqual([]);
      expect(await under.reviews.refusal(project, id, asked)).toBe("already_released");
      expect(await under.reviews.reopenReviewed(project, id, NOW, auditEntryOf(project))).toBe(false);
      expect(await stateOf()).toBe("confirmed");
      expect(await under.reviews.listReviews(project, id)).toHaveLength(1);
    });

    it("refuses whoever does not hold the lease while it lasts, or decides on one that is over", async () => {
      await enqueue();
      const mine = await claim("key_a");
      const byOther = wholeReviewOf(project, id, { keyId: "key_b" });
      expect(await decide(byOther)).toEqual([]);
      expect(await under.reviews.refusal(project, id, { leaseId: null, now: NOW })).toBe("leased");
      expect(await decide(wholeReviewOf(project, id, { keyId: "key_a", reviewer: "ann" }))).toEqual([]);
      expect(await decide(byOther, { now: NOW + 1000, leaseId: mine })).toEqual([]);
      expect(await under.reviews.refusal(project, id, { leaseId: mine, now: NOW + 1000 })).toBe("lease_lost");
      expect(await decide({ ...byOther, required: 2 }, { now: NOW + 1000 })).toHaveLength(1);
      expect(await decide(wholeReviewOf(project, id, { keyId: "key_a" }), { leaseId: mine })).toEqual([]);
      expect(await stateOf()).toBe("analysed");
    });

    it("takes the decision of the holder, with the lease's id and without", async () => {
      await enqueue();
      const mine = await claim("key_a");
      const review = wholeReviewOf(project, id, { keyId: "key_a", decision: "relabel", kind: "harmful" });
      expect(await decide(review, { leaseId: mine })).toHaveLength(1);
      expect(await decide(wholeReviewOf(project, id, { keyId: "key_a" }), { leaseId: mine })).toHaveLength(1);
      expect(await stateOf()).toBe("confirmed");
      const second = await insert();
      await enqueue(second);
      await claim("key_a");
      expect(await decide(wholeReviewOf(project, second, { keyId: "key_a" }))).toHaveLength(1);
    });

    it("lets a rule or a bulk decide only on what is undecided and held by nobody, the others of it all the same", async () => {
      const [held, dismissed] = [id, await insert()];
      const free = [await insert(), await insert()];
      await enqueue(held);
      await claim("key_a");
      await under.mistakes.review(reviewOf(project, dismissed, { decision: "dismiss" }));
      const reviews = [held, dismissed, ...free].map((each) => wholeReviewOf(project, each, { keyId: "key_a" }));
      const decided = await decide(wholeReviewOf(project, id), { reviews, unattended: true });
      expect(decided.map(({ mistakeId, state }) => [mistakeId, state])).toEqual(
        free.map((each) => [each, "confirmed"]),
      );
      expect([await stateOf(held), await stateOf(dismissed)]).toEqual(["analysed", "dismissed"]);
    });

    it("makes what was decided undecided again, and waits for new reviews of it", async () => {
      const entry = auditEntryOf(project, { event: "mistake_reopened", subject: id });
      expect(await under.reviews.reopenReviewed(project, id, NOW, entry)).toBe(false);
      await decide(wholeReviewOf(project, id, { required: 2 }), { entry: auditEntryOf(project) });
      await decide(wholeReviewOf(project, id, { required: 2, keyId: "key_b" }));
      expect(await stateOf()).toBe("confirmed");
      expect(await under.reviews.reopenReviewed(newProjectId(), id, NOW, entry)).toBe(false);
      expect(await under.reviews.reopenReviewed(project, id, NOW, entry)).toBe(true);
      expect(await stateOf()).toBe("analysed");
      expect(await reasonsOf()).toEqual(["reopened"]);
      expect((await under.reviews.listReviews(project, id)).map(({ standing }) => standing)).toEqual([false, false]);
      expect((await under.auditOf(project)).filter(({ event }) => event === "mistake_reopened")).toEqual([entry]);
      await decide(wholeReviewOf(project, id, { required: 2 }));
      expect(await stateOf()).toBe("analysed");
    });

    it("reopens to what it was: captured, where nobody analysed it", async () => {
      const captured = capturedMistake(project);
      await under.mistakes.insertCaptured([captured]);
      await decide(wholeReviewOf(project, captured.mistake.id));
      await under.reviews.reopenReviewed(project, captured.mistake.id, NOW, auditEntryOf(project));
      expect(await stateOf(captured.mistake.id)).toBe("captured");
    });

    it("leaves what is in quarantine to a person, whose confirmation ends it", async () => {
      const quarantined = await insert({ quarantine: "contradiction" });
      const review = wholeReviewOf(project, quarantined);
      expect(await decide(review, { unattended: true })).toEqual([]);
      const quarantineOf = async () => (await under.mistakes.get(project, quarantined))?.mistake.quarantine;
      await decide({ ...review, decision: "dismiss" });
      expect(await quarantineOf()).toBe("contradiction");
      await decide(wholeReviewOf(project, quarantined));
      expect(await quarantineOf()).toBeNull();
    });

    describe("what a bulk selects", () => {
      const selection = (changes: Partial<BulkSelection> = {}): BulkSelection => ({
        ...{ projectId: project, state: "analysed", filter: {}, until: "mis_~", decision: "confirm" },
        ...{ voice: { keyId: "key_a", reviewer: null }, voices: "keys", now: NOW },
        ...changes,
      });
      const selected = async (changes: Partial<BulkSelection> = {}, limit = 10): Promise<readonly string[]> =>
        (await under.reviews.listSelected(selection(changes), limit)).map((each) => each.id);

      it("is undecided, free, not of this voice, and no newer than what was counted", async () => {
        const [held, decided, voted] = [await insert(), await insert(), await insert()];
        const captured = capturedMistake(project);
        await under.mistakes.insertCaptured([captured]);
        const newer = await insert();
        await insert({ quarantine: "cap" });
        await enqueue(held);
        await claim("key_b");
        await decide(wholeReviewOf(project, decided));
        await decide(wholeReviewOf(project, voted, { keyId: "key_a", required: 2 }));
        expect(await selected()).toEqual([id, newer]);
        expect(await selected({}, 1)).toEqual([id]);
        expect(await selected({ until: captured.mistake.id })).toEqual([id]);
        expect(await selected({ decision: "dismiss" })).toEqual([id, voted, newer]);
        expect(await selected({ voice: { keyId: "key_c", reviewer: null } })).toEqual([id, voted, newer]);
        expect(await selected({ now: NOW + 1000 })).toEqual([id, held, newer]);
        expect(await selected({ state: "captured" })).toEqual([captured.mistake.id]);
        expect(await selected({ projectId: newProjectId() })).toEqual([]);
        const counts = [10, 2, 1].map(async (most) => await under.reviews.countSelected(selection(), most));
        expect(await Promise.all(counts)).toEqual([2, 2, 2]);
      });

      it("matches the filter, and tells how many voices were needed before", async () => {
        const wanted = await insert({ source: "import", kind: "leaked", categories: ["S7", "pii"] });
        await decide(wholeReviewOf(project, wanted, { decision: "relabel", required: 2, keyId: "key_b" }));
        const filter = { source: "import", kind: "leaked", category: "pii" } as const;
        expect(await under.reviews.listSelected(selection({ filter }), 10)).toEqual([
          { id: wanted, source: "import", categories: ["S7", "pii"], required: 2 },
        ]);
        expect(await selected({ filter: { category: "S1" } })).toEqual([]);
      });
    });

    it("lists what was decided on with its verdicts, newest first, of each state as many as asked for", async () => {
      const [dismissed, confirmed, newest] = [await insert(), await insert(), await insert()];
      await decide(wholeReviewOf(project, dismissed, { decision: "dismiss" }));
      for (const each of [confirmed, newest]) await decide(wholeReviewOf(project, each));
      const isMistake = async (limit: number): Promise<readonly boolean[]> =>
        (await under.reviews.listScored(project, limit)).map((each) => each.isMistake);
      expect(await isMistake(10)).toEqual([true, true, false]);
      expect(await isMistake(1)).toEqual([true, false]);
    });
  });
}
