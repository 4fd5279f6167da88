// Mistakes and attacks in memory. Law: held to the same contract as D1 (test/contract/mistake-store.ts).
import type { ObjectStore } from "../../src/lib/object-store.ts";
import { idFloor } from "../../src/lib/ids.ts";
import type { Page, PageRequest } from "../../src/lib/page.ts";
import { isSound } from "../../src/mistake/analysis-quality.ts";
import { storedExchangeSchema, storedMessagesSchema } from "../../src/mistake/captured-schema.ts";
import type {
  AttackFilter,
  Captured,
  CreatedBetween,
  Kept,
  MistakeFilter,
  MistakeStore,
  MistakeWithAnalyses,
  NarrowFilter,
  ReviewOutcome,
} from "../../src/mistake/mistake-store.ts";
import type { ConditionalEntry } from "../../src/mistake/review-queue.ts";
import type { Expired, RetentionStore, Whose } from "../../src/mistake/retention-store.ts";
import type { Analysis, Attack, Mistake, MistakeState, Quarantine } from "../../src/mistake/mistake.ts";
import { plainReview, type Review, type SettlingReview } from "../../src/mistake/review.ts";
import { GONE_EXCHANGE, readStoredTexts } from "../../src/mistake/stored-texts.ts";
import { InMemoryClusterStore } from "./in-memory-cluster-store.ts";

type CapturedMistake = Extract<Captured, { type: "mistake" }>;
type CapturedAttack = Extract<Captured, { type: "attack" }>;

export interface Entry {
  captured: CapturedMistake;
  state: MistakeState;
  releaseId: string | null;
  quarantine: Mistake["quarantine"];
}

const byId = (left: { readonly id: string }, right: { readonly id: string }): number => (left.id < right.id ? -1 : 1);

function newestPage<Item extends { readonly id: string }>(items: readonly Item[], page: PageRequest): Page<Item> {
  const { limit, cursor } = page;
  const rest = items.filter(({ id }) => cursor === null || id < cursor).toSorted((left, right) => byId(right, left));
  return { items: rest.slice(0, limit), hasMore: rest.length > limit };
}

function isNarrow({ by, value }: NarrowFilter, mistake: CapturedMistake["mistake"]): boolean {
  if (by === "category") return mistake.categories.includes(value);
  const { keyId, policyVersion } = mistake.provenance;
  return (
    { key: keyId, policy: policyVersion, cluster: mistake.clusterId, quarantine: mistake.quarantine }[by] === value
  );
}

function isCreatedBetween(prefix: "mis" | "atk", between: CreatedBetween, id: string): boolean {
  const { createdAfter, createdBefore } = between;
  if (createdAfter !== undefined && id < idFloor(prefix, createdAfter)) return false;
  return createdBefore === undefined || id < idFloor(prefix, createdBefore);
}

export class InMemoryMistakeStore implements MistakeStore, RetentionStore {
  readonly #objects: ObjectStore;
  readonly #mistakes = new Map<string, Entry>();
  readonly #attacks = new Map<string, CapturedAttack>();
  readonly #overruledBy = new Map<string, string>();
  readonly #analyses = new Map<string, Analysis>();
  readonly reviews: Review[] = [];
  readonly clusters = new InMemoryClusterStore(() =>
    [...this.#mistakes.values()].map((entry) => ({ ...entry, isAnalysed: this.#analysesOf(entry).length > 0 })),
  );
  /** what passed, for the fake of kept exchanges */
  readonly exchanges = new Map<string, Extract<Captured, { type: "exchange" }>>();
  /** set by the fake of the review queue, where there is one */
  takeEntries: (entries: readonly ConditionalEntry[]) => Promise<void> = async () => {
    await Promise.resolve();
  };

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async insertCaptured(captured: readonly Captured[], entries: readonly ConditionalEntry[] = []): Promise<void> {
    // What was known as a repetition before keeps its original.
    const fresh = captured.filter(
      (item) => item.type === "mistake" && this.clusters.resolve(item.mistake.id) === item.mistake.id,
    );
    for (const item of captured) {
      if (item.type === "attack") {
        if (!this.#attacks.has(item.attack.id)) this.#attacks.set(item.attack.id, structuredClone(item));
      } else if (item.type === "exchange") {
        if (!this.exchanges.has(item.kept.id)) this.exchanges.set(item.kept.id, structuredClone(item));
      } else if (this.clusters.place(item)) {
        const captured = structuredClone(item);
        const { state, quarantine } = captured.mistake;
        this.#mistakes.set(item.mistake.id, { captured, state, quarantine, releaseId: null });
      }
    }
    this.clusters.settle(fresh.filter((item) => item.type === "mistake"));
    await this.takeEntries(entries);
  }

  async get(projectId: string, id: string): Promise<MistakeWithAnalyses | null> {
    const known = this.clusters.resolve(id);
    const entry = this.#own(projectId).find(({ captured }) => captured.mistake.id === known);
    return entry === undefined ? null : await this.#whole(entry);
  }

  async idsOfCompletion(projectId: string, completionId: string, limit: number): Promise<readonly string[]> {
    await Promise.resolve();
    const own = this.#own(projectId).map(({ captured }) => captured.mistake);
    const named = own.filter(
      ({ provenance, kind, source, action }) =>
        provenance.completionId === completionId &&
        !(kind === "over_refusal" && source === "feedback" && !["allow", "annotate"].includes(action)),
    );
    return named
      .toSorted((left, right) => byId(right, left))
      .map(({ id }) => id)
      .slice(0, limit);
  }

  async list(projectId: string, filter: MistakeFilter, page: PageRequest): Promise<Page<MistakeWithAnalyses>> {
    const matching = this.#own(projectId).filter(
      ({ captured: { mistake }, state, quarantine }) =>
        (filter.state === undefined || filter.state === state) &&
        (filter.source === undefined || filter.source === mistake.source) &&
        (filter.kind === undefined || filter.kind === mistake.kind) &&
        (filter.narrow === undefined || isNarrow(filter.narrow, { ...mistake, quarantine })) &&
        isCreatedBetween("mis", filter, mistake.id),
    );
    const { items, hasMore } = newestPage(
      matching.map((entry) => ({ id: entry.captured.mistake.id, entry })),
      page,
    );
    return { items: await Promise.all(items.map(async ({ entry }) => await this.#whole(entry))), hasMore };
  }

  async listAttacks(projectId: string, page: PageRequest, filter: AttackFilter = {}): Promise<Page<Attack>> {
    const own = [...this.#attacks.values()].filter(
      ({ attack }) =>
        attack.projectId === projectId &&
        (filter.keyId === undefined || filter.keyId === attack.keyId) &&
        isCreatedBetween("atk", filter, attack.id),
    );
    const { items, hasMore } = newestPage(
      own.map((captured) => ({ id: captured.attack.id, captured })),
      page,
    );
    return { items: await Promise.all(items.map(async ({ captured }) => await this.#wholeAttack(captured))), hasMore };
  }

  async getAttack(projectId: string, id: string): Promise<Attack | null> {
    const captured = this.#attacks.get(id);
    return captured?.attack.projectId === projectId ? await this.#wholeAttack(captured) : null;
  }

  async markOverruled(projectId: string, attackId: string, overruleId: string): Promise<void> {
    await Promise.resolve();
    if (this.#attacks.get(attackId)?.attack.projectId === projectId) this.#overruledBy.set(attackId, overruleId);
  }

  async unmarkOverruled(projectId: string, attackId: string, overruleId: string): Promise<void> {
    const attack = await this.getAttack(projectId, attackId);
    if (attack?.overruledBy === overruleId) this.#overruledBy.delete(attackId);
  }

  async addAnalysis(analysis: Analysis): Promise<void> {
    await Promise.resolve();
    if (!this.#analyses.has(analysis.id)) this.#analyses.set(analysis.id, analysis);
    const entry = this.#mistakes.get(analysis.mistakeId);
    if (entry?.captured.mistake.projectId === analysis.projectId && entry.state === "captured") {
      entry.state = "analysed";
    }
  }

  async review(review: SettlingReview): Promise<ReviewOutcome> {
    await Promise.resolve();
    const entry = this.#own(review.projectId).find(({ captured }) => captured.mistake.id === review.mistakeId);
    if (entry === undefined) return "not_found";
    if (entry.releaseId !== null) return "already_released";
    entry.state = review.decision === "confirm" ? "confirmed" : "dismissed";
    if (review.decision === "confirm") entry.quarantine = null;
    this.reviews.push(plainReview(review));
    return "reviewed";
  }

  async hold(projectId: string, id: string, reason: Quarantine): Promise<void> {
    await Promise.resolve();
    const entry = this.#own(projectId).find(({ captured }) => captured.mistake.id === id);
    const isOpen = entry?.state === "captured" || entry?.state === "analysed";
    if (entry !== undefined && isOpen && entry.releaseId === null) entry.quarantine ??= reason;
  }

  async reopen(projectId: string, id: string, state: MistakeState): Promise<void> {
    await Promise.resolve();
    const entry = this.#own(projectId).find(({ captured }) => captured.mistake.id === id);
    if (entry?.state !== "dismissed" || entry.releaseId !== null) return;
    entry.state = state === "captured" && this.#analysesOf(entry).length > 0 ? "analysed" : state;
  }

  async firstCapturedAt(projectId: string): Promise<number | null> {
    await Promise.resolve();
    return this.#oldestFirst(projectId)[0]?.captured.mistake.createdAt ?? null;
  }

  async claimForRelease(
    projectId: string,
    releaseId: string,
    limit: number,
    after: string | null = null,
  ): Promise<void> {
    await Promise.resolve();
    const claimable = this.#oldestFirst(projectId).filter(
      (entry) =>
        entry.state === "confirmed" &&
        entry.releaseId === null &&
        entry.quarantine === null &&
        (after === null || entry.captured.mistake.id > after) &&
        (entry.captured.mistake.correction !== null || this.#analysesOf(entry).some(isSound)),
    );
    for (const entry of claimable.slice(0, limit)) entry.releaseId = releaseId;
  }

  async listClaimed(
    projectId: string,
    releaseId: string,
    options: { readonly after: string | null; readonly limit: number; readonly includeReleased: boolean },
  ): Promise<readonly MistakeWithAnalyses[]> {
    const { after, limit, includeReleased } = options;
    const claimed = this.#oldestFirst(projectId).filter(
      (entry) =>
        (entry.releaseId === releaseId || (includeReleased && entry.state === "released")) &&
        (after === null || entry.captured.mistake.id > after),
    );
    return await Promise.all(claimed.slice(0, limit).map(async (entry) => await this.#whole(entry)));
  }

  async listExpired(
    projectId: string,
    before: number,
    limit: number,
    whose: Whose = { notOf: [] },
  ): Promise<readonly Expired[]> {
    await Promise.resolve();
    const isTheirs = (key: string | null): boolean =>
      "key" in whose ? key === whose.key : key === null || !whose.notOf.includes(key);
    const keyOf = (kept: Kept<unknown>): string | null => ("objectKey" in kept ? kept.objectKey : null);
    const mistakes = this.#oldestFirst(projectId).flatMap(({ captured: { mistake, exchange }, state, releaseId }) =>
      mistake.id < idFloor("mis", before) &&
      isTheirs(mistake.provenance.keyId) &&
      (releaseId === null || state === "released")
        ? [{ type: "mistake" as const, id: mistake.id, objectKey: keyOf(exchange) }]
        : [],
    );
    const attacks = [...this.#attacks.values()]
      .filter(({ attack }) => attack.projectId === projectId && attack.id < idFloor("atk", before))
      .filter(({ attack }) => isTheirs(attack.keyId))
      .map(({ attack, messages }) => ({ type: "attack" as const, id: attack.id, objectKey: keyOf(messages) }))
      .toSorted(byId);
    return [...mistakes, ...attacks].slice(0, limit);
  }

  async deleteExpired(projectId: string, expired: readonly Expired[]): Promise<void> {
    const known = await this.listExpired(projectId, Date.UTC(9999, 0), Infinity);
    for (const { id } of expired.filter((each) => known.some((other) => other.id === each.id))) {
      this.#mistakes.delete(id);
      this.#attacks.delete(id);
      for (const [key, { mistakeId }] of this.#analyses) if (mistakeId === id) this.#analyses.delete(key);
    }
    this.clusters.forget(expired.filter(({ id }) => !this.#mistakes.has(id)).map(({ id }) => id));
  }

  /** For the release store: what a published release holds, and whatever else it claimed is free again. */
  settle(projectId: string, releaseId: string, heldIds: readonly string[], isReady: boolean): void {
    for (const entry of this.#own(projectId)) {
      if (isReady && heldIds.includes(entry.captured.mistake.id) && entry.state !== "dismissed") {
        entry.state = "released";
        entry.releaseId = releaseId;
      } else if (entry.releaseId === releaseId && entry.state !== "released") entry.releaseId = null;
    }
  }

  /** For the fake of releases: the clusters of these mistakes. */
  clustersOf(projectId: string, ids: readonly string[]): readonly string[] {
    return this.#own(projectId).flatMap(({ captured: { mistake } }) =>
      mistake.clusterId !== null && ids.includes(mistake.id) ? [mistake.clusterId] : [],
    );
  }

  /** For the fake of reviews: a project's mistakes as they are kept, oldest first. */
  entriesOf(projectId: string): readonly Entry[] {
    return this.#oldestFirst(projectId);
  }

  /** What an undecided mistake is called. */
  undecidedState(entry: Entry): MistakeState {
    return this.#analysesOf(entry).length > 0 ? "analysed" : "captured";
  }

  /** For the archive: what a release holds that has its text itself. */
  inlineOf(projectId: string, releaseId: string): readonly { readonly id: string; readonly text: string }[] {
    return this.#oldestFirst(projectId).flatMap(({ captured: { mistake, exchange }, state, releaseId: holder }) =>
      holder === releaseId && state === "released" && "inline" in exchange
        ? [{ id: mistake.id, text: JSON.stringify(exchange.inline) }]
        : [],
    );
  }

  /** For the archive. */
  moveText(projectId: string, id: string, text: string, objectKey: string): boolean {
    const entry = this.#own(projectId).find(({ captured }) => captured.mistake.id === id);
    if (entry?.state !== "released" || !("inline" in entry.captured.exchange)) return false;
    if (JSON.stringify(entry.captured.exchange.inline) !== text) return false;
    entry.captured = { ...entry.captured, exchange: { objectKey } };
    return true;
  }

  #own(projectId: string): readonly Entry[] {
    return [...this.#mistakes.values()].filter(({ captured }) => captured.mistake.projectId === projectId);
  }

  #oldestFirst(projectId: string): readonly Entry[] {
    return this.#own(projectId).toSorted((left, right) => byId(left.captured.mistake, right.captured.mistake));
  }

  #analysesOf({ captured: { mistake } }: Entry): readonly Analysis[] {
    return [...this.#analyses.values()]
      .filter(({ projectId, mistakeId }) => projectId === mistake.projectId && mistakeId === mistake.id)
      .toSorted(byId);
  }

  async #wholeAttack({ attack, messages }: CapturedAttack): Promise<Attack> {
    const overruledBy = this.#overruledBy.get(attack.id) ?? attack.overruledBy;
    return { ...attack, overruledBy, messages: storedMessagesSchema.parse((await this.#kept(messages)) ?? []) };
  }

  async #whole(entry: Entry): Promise<MistakeWithAnalyses> {
    const exchange = storedExchangeSchema.parse((await this.#kept(entry.captured.exchange)) ?? GONE_EXCHANGE);
    return {
      mistake: { ...entry.captured.mistake, state: entry.state, quarantine: entry.quarantine, exchange },
      analyses: this.#analysesOf(entry),
    };
  }

  async #kept(kept: Kept<unknown>): Promise<unknown> {
    if ("inline" in kept) return kept.inline;
    const text = (await readStoredTexts(this.#objects, [kept.objectKey])).get(kept.objectKey);
    const value: unknown = text === undefined ? null : JSON.parse(text);
    return value;
  }
}
