// Feedback in memory. Law: held to the same contract as D1 (test/contract/feedback-store.ts).
import { idFloor } from "../../src/lib/ids.ts";
import type { Page, PageRequest } from "../../src/lib/page.ts";
import { subjectOf } from "../../src/mistake/feedback-subject.ts";
import type { FeedbackFilter, FeedbackStore, KnownSubject } from "../../src/mistake/feedback-store.ts";
import type { Feedback, FeedbackOutcome, VoiceCount } from "../../src/mistake/feedback.ts";

function firstNamed(entries: readonly Feedback[], ending: string): KnownSubject {
  const mistakes = entries.flatMap(({ mistakeId }) => (mistakeId?.endsWith(ending) === true ? [mistakeId] : []));
  const exchanges = entries.flatMap(({ exchangeId }) => (exchangeId === null ? [] : [exchangeId]));
  return { mistakeId: mistakes.toSorted()[0] ?? null, exchangeId: exchanges.toSorted()[0] ?? null };
}

export class InMemoryFeedbackStore implements FeedbackStore {
  readonly #entries = new Map<string, Feedback>();

  async standing(projectId: string, subject: string, voices: readonly string[]): Promise<Feedback | null> {
    await Promise.resolve();
    const stands = this.#of(projectId, subject).filter(
      ({ voice, replacedBy }) => voices.includes(voice) && replacedBy === null,
    );
    return stands.at(-1) ?? null;
  }

  async byIdempotencyHash(projectId: string, hash: string): Promise<Feedback | null> {
    await Promise.resolve();
    return this.#own(projectId).find(({ idempotencyHash }) => idempotencyHash === hash) ?? null;
  }

  async record(feedback: Feedback, replaces: string | null): Promise<Feedback> {
    const { projectId, subject, voice, id, mistakeId, exchangeId } = feedback;
    const replaced = replaces === null ? null : (this.#entries.get(replaces) ?? null);
    if (replaced?.replacedBy === null) this.#entries.set(replaced.id, { ...replaced, replacedBy: id });
    const taken = await this.standing(projectId, subject, [voice]);
    if (taken !== null) return taken;
    const known = firstNamed(this.#of(projectId, subject), subjectOf(mistakeId ?? ""));
    const entry = {
      ...feedback,
      mistakeId: mistakeId === null ? null : (known.mistakeId ?? mistakeId),
      exchangeId: exchangeId === null ? null : (known.exchangeId ?? exchangeId),
    };
    this.#entries.set(id, entry);
    return entry;
  }

  async known(projectId: string, subject: string, ending: string): Promise<KnownSubject> {
    await Promise.resolve();
    return firstNamed(
      this.#of(projectId, subject).filter(({ outcome }) => outcome !== null),
      ending,
    );
  }

  /** No mistake is known here: what names one has one. */
  async deleteExpiredFeedback(projectId: string, before: number, limit: number): Promise<number> {
    await Promise.resolve();
    const old = this.#own(projectId)
      .filter(({ id, mistakeId }) => mistakeId === null && id < idFloor("fbk", before))
      .slice(0, limit);
    for (const { id } of old) this.#entries.delete(id);
    return old.length;
  }

  async revise(
    projectId: string,
    id: string,
    said: Pick<Feedback, "category" | "comment" | "correction">,
  ): Promise<void> {
    await Promise.resolve();
    this.#change(projectId, id, said);
  }

  async settle(projectId: string, id: string, outcome: FeedbackOutcome, mistakeId: string | null): Promise<void> {
    await Promise.resolve();
    this.#change(projectId, id, { outcome, mistakeId });
  }

  async voices(projectId: string, mistakeId: string): Promise<VoiceCount> {
    await Promise.resolve();
    const stands = this.#own(projectId).filter((entry) => entry.mistakeId === mistakeId && entry.replacedBy === null);
    const count = (label: Feedback["label"]): number => stands.filter((entry) => entry.label === label).length;
    return { mistake: count("mistake"), good: count("good"), over_refusal: count("over_refusal") };
  }

  async list(projectId: string, filter: FeedbackFilter, page: PageRequest): Promise<Page<Feedback>> {
    await Promise.resolve();
    const { label, outcome, mistakeId } = filter;
    const rest = this.#own(projectId)
      .filter((entry) => label === undefined || entry.label === label)
      .filter((entry) => outcome === undefined || entry.outcome === outcome)
      .filter((entry) => mistakeId === undefined || entry.mistakeId === mistakeId)
      .filter(({ id }) => page.cursor === null || id < page.cursor)
      .toReversed();
    return { items: rest.slice(0, page.limit), hasMore: rest.length > page.limit };
  }

  #change(projectId: string, id: string, changes: Partial<Feedback>): void {
    const entry = this.#own(projectId).find((each) => each.id === id);
    if (entry !== undefined) this.#entries.set(id, { ...entry, ...changes });
  }

  #of(projectId: string, subject: string): readonly Feedback[] {
    return this.#own(projectId).filter((entry) => entry.subject === subject);
  }

  #own(projectId: string): readonly Feedback[] {
    const own = [...this.#entries.values()].filter((entry) => entry.projectId === projectId);
    return own.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }
}
