// What every store of feedback must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import { idFloor } from "../../src/lib/ids.ts";
import type { FeedbackStore } from "../../src/mistake/feedback-store.ts";
import type { Feedback } from "../../src/mistake/feedback.ts";
import { feedbackOf, newProjectId } from "../fixtures/records.ts";

const SUBJECT = "0123456789abcdef";
const OTHER = "fedcba9876543210";
const early = `mis_000000001${SUBJECT}`;
const late = `mis_000000002${SUBJECT}`;

export function feedbackStoreContract(name: string, make: () => FeedbackStore): void {
  describe(`${name} as a store of feedback`, () => {
    let store: FeedbackStore;
    let project: string;

    beforeEach(() => {
      store = make();
      project = newProjectId();
    });

    const record = async (changes: Partial<Feedback> = {}, replaces: string | null = null): Promise<Feedback> =>
      await store.record(feedbackOf(project, changes), replaces);

    it("gives back whole what was said", async () => {
      const correction = { text: "Within 30 days.", isClean: true, verdicts: [] };
      const given = feedbackOf(project, {
        ...{ category: "incorrect", comment: "no", correction, idempotencyHash: "h", bodyHash: "b" },
        ...{ mistakeId: early, exchangeId: `exc_000000001${SUBJECT}` },
      });
      expect(await store.record(given, null)).toEqual(given);
      expect(await store.standing(project, SUBJECT, ["another", given.voice])).toEqual(given);
      expect(await store.byIdempotencyHash(project, "h")).toEqual(given);
      expect(await store.list(project, {}, { limit: 5, cursor: null })).toEqual({ items: [given], hasMore: false });
    });

    it("lets a voice stand once on a subject: whoever comes second gets what stands", async () => {
      const first = await record();
      expect(await record({ label: "good" })).toEqual(first);
      expect((await store.list(project, {}, { limit: 5, cursor: null })).items).toEqual([first]);
      expect((await record({ voice: "another" })).voice).toBe("another");
      expect((await record({ subject: OTHER })).subject).toBe(OTHER);
    });

    it("replaces what a voice said before, once, and keeps it", async () => {
      const first = await record();
      const second = await record({ label: "good" }, first.id);
      expect(second.label).toBe("good");
      expect(await store.standing(project, SUBJECT, [first.voice])).toEqual(second);
      const { items } = await store.list(project, {}, { limit: 5, cursor: null });
      expect(items).toEqual([second, { ...first, replacedBy: second.id }]);
      // Another request that would replace the first one too came too late.
      expect(await record({ label: "over_refusal" }, first.id)).toEqual(second);
    });

    it("forgets what is old and has no mistake, a bounded part at a time", async () => {
      const at = (time: number, place: number): string => `${idFloor("fbk", time)}${String(place).padStart(16, "0")}`;
      for (const place of [1, 2, 3]) await record({ id: at(10, place), voice: `v${place}` });
      await record({ id: at(20, 1), voice: "later" });
      await store.record(feedbackOf(newProjectId(), { id: at(10, 9) }), null);
      expect(await store.deleteExpiredFeedback(project, 20, 2)).toBe(2);
      expect(await store.deleteExpiredFeedback(project, 20, 2)).toBe(1);
      expect(await store.deleteExpiredFeedback(project, 20, 2)).toBe(0);
      const { items } = await store.list(project, {}, { limit: 9, cursor: null });
      expect(items.map(({ id }) => id)).toEqual([at(20, 1)]);
    });

    it("names one mistake and one exchange a subject: the first that were named", async () => {
      await record({ mistakeId: early, exchangeId: `exc_000000001${SUBJECT}` });
      const second = await record({ voice: "b", mistakeId: late, exchangeId: `exc_000000002${SUBJECT}` });
      expect([second.mistakeId, second.exchangeId]).toEqual([early, `exc_000000001${SUBJECT}`]);
      const none = await record({ voice: "c", label: "good" });
      expect([none.mistakeId, none.exchangeId]).toEqual([null, null]);
      const apart = await record({ voice: "d", mistakeId: `mis_000000003${OTHER}` });
      expect(apart.mistakeId).toBe(`mis_000000003${OTHER}`);
      expect(await store.known(project, SUBJECT, SUBJECT)).toEqual({ mistakeId: null, exchangeId: null });
      await store.settle(project, second.id, "voice_added", early);
      await store.settle(project, apart.id, "mistake_made", apart.mistakeId);
      const known = { mistakeId: early, exchangeId: `exc_000000001${SUBJECT}` };
      expect(await store.known(project, SUBJECT, SUBJECT)).toEqual(known);
      expect((await store.known(project, SUBJECT, OTHER)).mistakeId).toBe(`mis_000000003${OTHER}`);
      expect(await store.known(project, OTHER, OTHER)).toEqual({ mistakeId: null, exchangeId: null });
    });

    it("revises what was said, settles what became of it, and counts the voices that stand", async () => {
      const first = await record({ mistakeId: early });
      await store.settle(project, first.id, "mistake_made", early);
      await store.revise(project, first.id, { category: "offensive", comment: "rude", correction: null });
      expect(await store.standing(project, SUBJECT, [first.voice])).toEqual({
        ...first,
        ...{ outcome: "mistake_made", category: "offensive", comment: "rude" },
      });
      await record({ voice: "b", mistakeId: early });
      const third = await record({ voice: "c", mistakeId: early });
      await record({ voice: "c", label: "good", mistakeId: early }, third.id);
      expect(await store.voices(project, early)).toEqual({ mistake: 2, good: 1, over_refusal: 0 });
    });

    it("filters, alone and together, in pages", async () => {
      const first = await record({ mistakeId: early });
      const second = await record({ voice: "b", label: "good", outcome: "held_for_review", mistakeId: early });
      const third = await record({ voice: "c" });
      const ids = async (filter: Parameters<FeedbackStore["list"]>[1], limit = 5, cursor: string | null = null) =>
        (await store.list(project, filter, { limit, cursor })).items.map(({ id }) => id);
      expect(await ids({})).toEqual([third.id, second.id, first.id]);
      expect(await ids({}, 2)).toEqual([third.id, second.id]);
      expect(await ids({}, 2, second.id)).toEqual([first.id]);
      expect(await ids({ label: "mistake" })).toEqual([third.id, first.id]);
      expect(await ids({ outcome: "held_for_review" })).toEqual([second.id]);
      expect(await ids({ mistakeId: early, label: "mistake" })).toEqual([first.id]);
    });

    it("shows and gives nothing to another project", async () => {
      const mine = await record({ mistakeId: early, idempotencyHash: "mine" });
      const other = newProjectId();
      expect(await store.standing(other, SUBJECT, [mine.voice])).toBeNull();
      expect(await store.byIdempotencyHash(other, "mine")).toBeNull();
      expect(await store.known(other, SUBJECT, SUBJECT)).toEqual({ mistakeId: null, exchangeId: null });
      expect(await store.voices(other, early)).toEqual({ mistake: 0, good: 0, over_refusal: 0 });
      expect(await store.list(other, {}, { limit: 5, cursor: null })).toEqual({ items: [], hasMore: false });
      await store.settle(other, mine.id, "held_for_review", null);
      await store.revise(other, mine.id, { category: null, comment: "theirs", correction: null });
      expect(await store.standing(project, SUBJECT, [mine.voice])).toEqual(mine);
    });
  });
}
