// The review queue and reviews in memory, over the fake of mistakes. Law: held to the same contract as D1
// (test/contract/review-store.ts).
import type { AuditEntry } from "../../src/access/audit.ts";
import type { MistakeState } from "../../src/mistake/mistake.ts";
import type {
  Claim,
  Lease,
  Queued,
  ConditionalEntry,
  QueuePageRequest,
  ReviewFilter,
  ReviewQueue,
} from "../../src/mistake/review-queue.ts";
import type {
  BulkSelection,
  Decision,
  RefusedReview,
  ReviewStore,
  ScoredMistake,
  Selected,
  Standing,
} from "../../src/mistake/review-store.ts";
import type { Review, Voice } from "../../src/mistake/review.ts";
import type { Entry, InMemoryMistakeStore } from "./in-memory-mistake-store.ts";

type Voices = Decision["voices"];

function isUndecided({ state, releaseId }: Entry): boolean {
  return (state === "captured" || state === "analysed") && releaseId === null;
}

function matches(
  { captured: { mistake }, quarantine: held }: Entry,
  { source, kind, category, clusterId, keyId, quarantine }: ReviewFilter,
): boolean {
  return (
    (keyId === undefined || mistake.provenance.keyId === keyId) &&
    (quarantine === undefined || held === quarantine) &&
    (source === undefined || mistake.source === source) &&
    (kind === undefined || mistake.kind === kind) &&
    (clusterId === undefined || mistake.clusterId === clusterId) &&
    (category === undefined || mistake.categories.some((each) => each === category))
  );
}

function isVote({ decision, standing }: Review): boolean {
  return standing && (decision === "confirm" || decision === "dismiss");
}

function isSame(left: Voice, right: Voice, voices: Voices = "reviewers"): boolean {
  return left.keyId === right.keyId && (voices === "keys" || left.reviewer === right.reviewer);
}

export class InMemoryReviewStore implements ReviewQueue, ReviewStore {
  readonly #mistakes: InMemoryMistakeStore;
  readonly #queue = new Map<string, Queued>();
  #reviews: readonly Review[] = [];
  readonly entries: AuditEntry[] = [];

  constructor(mistakes: InMemoryMistakeStore) {
    this.#mistakes = mistakes;
    mistakes.takeEntries = async (entries) => {
      await this.#enqueue(entries);
    };
  }

  async claim({ projectId, lease, limit, filter, voices, now }: Claim): Promise<readonly Queued[]> {
    await Promise.resolve();
    const free = this.#undecided(projectId).filter(({ queued, mistake }) => {
      const votes = this.#of(queued.mistakeId).filter(isVote);
      return (
        (queued.lease?.expiresAt ?? 0) <= now &&
        (filter.reason === undefined || filter.reason === queued.reason) &&
        matches(mistake, filter) &&
        !votes.some((vote) => isSame(vote, lease.holder, voices))
      );
    });
    return free.slice(0, limit).map(({ queued }) => this.#put({ ...queued, lease }));
  }

  async renew(projectId: string, lease: Pick<Lease, "id" | "expiresAt"> & { readonly keyId: string }): Promise<number> {
    await Promise.resolve();
    const held = this.#ofLease(projectId, lease.id, lease.keyId);
    for (const queued of held) {
      if (queued.lease !== null) this.#put({ ...queued, lease: { ...queued.lease, expiresAt: lease.expiresAt } });
    }
    return held.length;
  }

  async giveBack(projectId: string, leaseId: string, keyId: string, mistakeId: string | null): Promise<number> {
    await Promise.resolve();
    const held = this.#ofLease(projectId, leaseId, keyId).filter(
      (queued) => mistakeId === null || queued.mistakeId === mistakeId,
    );
    for (const queued of held) this.#put({ ...queued, lease: null });
    return held.length;
  }

  async override(projectId: string, mistakeId: string, now: number, entry: AuditEntry): Promise<boolean> {
    await Promise.resolve();
    const queued = this.#queue.get(mistakeId);
    if (queued?.projectId !== projectId || (queued.lease?.expiresAt ?? 0) <= now) return false;
    this.#put({ ...queued, lease: null });
    this.entries.push(entry);
    return true;
  }

  async listQueue({ projectId, limit, after }: QueuePageRequest): Promise<readonly Queued[]> {
    await Promise.resolve();
    return this.#undecided(projectId)
      .map(({ queued }) => queued)
      .filter(
        ({ priority, mistakeId }) =>
          after === null || priority > after.priority || (priority === after.priority && mistakeId > after.mistakeId),
      )
      .slice(0, limit + 1);
  }

  async decide(decision: Decision): Promise<readonly Standing[]> {
    const made = decision.reviews.filter((review) => this.#mayBeMade(review, decision));
    for (const review of made) this.#make(review, decision);
    if (made.length > 0) this.entries.push(decision.entry);
    const [first] = made;
    if (first === undefined) return [];
    const ids = made.map(({ mistakeId }) => mistakeId);
    return await this.standingOf(first.projectId, ids, decision.voices);
  }

  async refusal(
    projectId: string,
    mistakeId: string,
    { leaseId, now }: Pick<Decision, "leaseId" | "now">,
  ): Promise<RefusedReview> {
    await Promise.resolve();
    const mistake = this.#find(projectId, mistakeId);
    if (mistake === undefined) return "not_found";
    if (mistake.releaseId !== null) return "already_released";
    const lease = this.#queue.get(mistakeId)?.lease ?? null;
    return lease !== null && lease.id !== leaseId && lease.expiresAt > now ? "leased" : "lease_lost";
  }

  async reopenReviewed(projectId: string, mistakeId: string, now: number, entry: AuditEntry): Promise<boolean> {
    await Promise.resolve();
    const mistake = this.#find(projectId, mistakeId);
    if (mistake === undefined || isUndecided(mistake) || mistake.releaseId !== null) return false;
    mistake.state = this.#mistakes.undecidedState(mistake);
    this.#withdraw((review) => review.mistakeId === mistakeId);
    const queued = { mistakeId, projectId, priority: 1, reason: "reopened", enqueuedAt: now, lease: null };
    if (!this.#queue.has(mistakeId)) this.#put(queued);
    this.entries.push(entry);
    return true;
  }

  async listReviews(projectId: string, mistakeId: string): Promise<readonly Review[]> {
    await Promise.resolve();
    return this.#of(mistakeId)
      .filter((review) => review.projectId === projectId)
      .toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }

  async standingOf(projectId: string, ids: readonly string[], voices: Voices): Promise<readonly Standing[]> {
    await Promise.resolve();
    return this.#mistakes
      .entriesOf(projectId)
      .filter(({ captured }) => ids.includes(captured.mistake.id))
      .map(({ captured, state }) => {
        const mistakeId = captured.mistake.id;
        const [confirmations, dismissals] = [
          this.#voices(mistakeId, voices, "confirm"),
          this.#voices(mistakeId, voices, "dismiss"),
        ];
        return { mistakeId, state, confirmations, dismissals };
      });
  }

  async countSelected(selection: BulkSelection, most: number): Promise<number> {
    return (await this.listSelected(selection, most + 1)).length;
  }

  async listSelected(selection: BulkSelection, limit: number): Promise<readonly Selected[]> {
    await Promise.resolve();
    const { projectId, state, filter, until, decision, voice, voices, now } = selection;
    return this.#mistakes
      .entriesOf(projectId)
      .filter((entry) => {
        const { id } = entry.captured.mistake;
        const votes = this.#of(id).filter((vote) => isVote(vote) && vote.decision === decision);
        return (
          entry.state === state &&
          entry.releaseId === null &&
          (filter.quarantine !== undefined || entry.quarantine === null) &&
          id <= until &&
          matches(entry, filter) &&
          (this.#queue.get(id)?.lease?.expiresAt ?? 0) <= now &&
          !votes.some((vote) => isSame(vote, voice, voices))
        );
      })
      .slice(0, limit)
      .map(({ captured: { mistake } }) => ({
        ...{ id: mistake.id, source: mistake.source, categories: mistake.categories },
        required: Math.max(1, ...this.#of(mistake.id).map(({ required }) => required)),
      }));
  }

  async listScored(projectId: string, limit: number): Promise<readonly ScoredMistake[]> {
    await Promise.resolve();
    const newest = this.#mistakes.entriesOf(projectId).toReversed();
    const kept = (["confirmed", "released", "dismissed"] as const).flatMap((state) =>
      newest
        .filter((entry) => entry.state === state)
        .filter(({ captured: { mistake } }) => mistake.source !== "feedback" || mistake.provenance.completionId !== "")
        .slice(0, limit),
    );
    return newest
      .filter((entry) => kept.includes(entry))
      .map(({ state, captured }) => ({ isMistake: state !== "dismissed", verdicts: captured.mistake.verdicts }));
  }

  async #enqueue(entries: readonly ConditionalEntry[]): Promise<void> {
    for (const { quarantines, clusterSizeFrom, ...entry } of entries) {
      const mistake = this.#find(entry.projectId, entry.mistakeId);
      if (mistake === undefined || !isUndecided(mistake) || this.#queue.has(entry.mistakeId)) continue;
      if (quarantines !== null && (mistake.quarantine === null || !quarantines.includes(mistake.quarantine))) continue;
      if (clusterSizeFrom > 0 && (await this.#clusterSize(mistake)) < clusterSizeFrom) continue;
      this.#queue.set(entry.mistakeId, { ...entry, lease: null });
    }
  }

  #mayBeMade(review: Review, { leaseId, unattended, quarantined, now }: Decision): boolean {
    const mistake = this.#find(review.projectId, review.mistakeId);
    if (mistake === undefined || mistake.releaseId !== null || mistake.state === "released") return false;
    if (unattended && !isUndecided(mistake)) return false;
    if (unattended && !quarantined && mistake.quarantine !== null) return false;
    const lease = this.#queue.get(review.mistakeId)?.lease ?? null;
    const isMine = lease !== null && isSame(lease.holder, review);
    if (lease !== null && lease.expiresAt > now && (unattended || !isMine)) return false;
    return leaseId === null || (isMine && lease.id === leaseId);
  }

  #make(review: Review, { voices }: Decision): void {
    const entry = this.#find(review.projectId, review.mistakeId);
    if (entry === undefined) return;
    const { kind, categories, correction, required, mistakeId } = review;
    const isRelabelled = required > 1 && (kind !== null || categories !== null || correction !== null);
    const isDecision = review.decision === "confirm" || review.decision === "dismiss";
    this.#withdraw(
      (earlier) =>
        earlier.mistakeId === mistakeId && isVote(earlier) && (isRelabelled || (isDecision && isSame(earlier, review))),
    );
    this.#reviews = [...this.#reviews, review];
    const { mistake } = entry.captured;
    const changed = {
      kind: kind ?? mistake.kind,
      categories: categories ?? mistake.categories,
      correction: correction ?? mistake.correction,
    };
    entry.captured = { ...entry.captured, mistake: { ...mistake, ...changed } };
    entry.state = this.#settled(entry, review, voices);
    if (isDecision && entry.state === "confirmed" && review.decision === "confirm") entry.quarantine = null;
    if (!isUndecided(entry)) this.#queue.delete(mistakeId);
    else if (isDecision || required > 1) this.#waitOn(review, voices);
  }

  #settled(entry: Entry, { mistakeId, decision, required }: Review, voices: Voices): MistakeState {
    const confirmations = this.#voices(mistakeId, voices, "confirm");
    const dismissals = this.#voices(mistakeId, voices, "dismiss");
    if (decision === "confirm" && confirmations >= required) return "confirmed";
    if (decision === "dismiss" && dismissals >= required) return "dismissed";
    const lost =
      (entry.state === "confirmed" && confirmations < required) ||
      (entry.state === "dismissed" && dismissals < required);
    return required > 1 && lost ? this.#mistakes.undecidedState(entry) : entry.state;
  }

  #waitOn({ mistakeId, projectId, createdAt }: Review, voices: Voices): void {
    const disagreed = this.#voices(mistakeId, voices, "confirm") > 0 && this.#voices(mistakeId, voices, "dismiss") > 0;
    const [priority, reason] = disagreed ? [1, "disagreement"] : [2, "second_reviewer"];
    const queued = this.#queue.get(mistakeId) ?? { mistakeId, projectId, priority, enqueuedAt: createdAt };
    this.#put({ ...queued, reason, lease: null, priority: Math.min(queued.priority, priority) });
  }

  #voices(mistakeId: string, voices: Voices, decision: "confirm" | "dismiss"): number {
    const votes = this.#of(mistakeId).filter((review) => isVote(review) && review.decision === decision);
    return new Set(votes.map(({ keyId, reviewer }) => (voices === "keys" ? keyId : `${keyId}/${reviewer ?? ""}`))).size;
  }

  #withdraw(which: (review: Review) => boolean): void {
    this.#reviews = this.#reviews.map((review) => (which(review) ? { ...review, standing: false } : review));
  }

  #of(mistakeId: string): readonly Review[] {
    return this.#reviews.filter((review) => review.mistakeId === mistakeId);
  }

  #find(projectId: string, mistakeId: string): Entry | undefined {
    return this.#mistakes.entriesOf(projectId).find(({ captured }) => captured.mistake.id === mistakeId);
  }

  #undecided(projectId: string): readonly { readonly queued: Queued; readonly mistake: Entry }[] {
    return [...this.#queue.values()]
      .flatMap((queued) => {
        const mistake = this.#find(projectId, queued.mistakeId);
        return mistake !== undefined && isUndecided(mistake) ? [{ queued, mistake }] : [];
      })
      .toSorted(
        ({ queued: left }, { queued: right }) =>
          left.priority - right.priority || (left.mistakeId < right.mistakeId ? -1 : 1),
      );
  }

  #ofLease(projectId: string, leaseId: string, keyId: string): readonly Queued[] {
    return [...this.#queue.values()].filter(
      (queued) => queued.projectId === projectId && queued.lease?.id === leaseId && queued.lease.holder.keyId === keyId,
    );
  }

  async #clusterSize({ captured: { mistake } }: Entry): Promise<number> {
    const { clusterId, projectId } = mistake;
    return clusterId === null ? 0 : ((await this.#mistakes.clusters.sizes(projectId, [clusterId])).get(clusterId) ?? 0);
  }

  #put(queued: Queued): Queued {
    this.#queue.set(queued.mistakeId, queued);
    return queued;
  }
}
