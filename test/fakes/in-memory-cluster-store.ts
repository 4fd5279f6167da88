// Clusters in memory, beside the mistakes of in-memory-mistake-store. Law: held to the same contract as D1 (test/contract/cluster-store.ts).
import type { Page, PageRequest } from "../../src/lib/page.ts";
import type { AnalysisRequest } from "../../src/mistake/analysis-queue.ts";
import { clusterIdOf, counterName, type Cluster, type Counter } from "../../src/mistake/cluster.ts";
import {
  contentName,
  type AskedMistake,
  type ClusterOrder,
  type ClusterStore,
  type Counts,
  type Known,
} from "../../src/mistake/cluster-store.ts";
import { bandsOf } from "../../src/mistake/min-hash.ts";
import type { Mistake } from "../../src/mistake/mistake.ts";
import type { CapturedMistake } from "../fixtures/records.ts";

/** A mistake of the store as it is now. */
export interface StoredNow {
  readonly captured: CapturedMistake;
  readonly state: Mistake["state"];
  readonly quarantine: Mistake["quarantine"];
  readonly isAnalysed: boolean;
}

export class InMemoryClusterStore implements ClusterStore {
  readonly #stored: () => readonly StoredNow[];
  readonly #repeated = new Map<string, string>();
  readonly #clusters = new Map<string, Cluster & { readonly sketch: string }>();
  readonly #leaders = new Map<number, string>();
  readonly #counts = new Map<string, { readonly startMinute: number; readonly captured: number }>();

  constructor(stored: () => readonly StoredNow[]) {
    this.#stored = stored;
  }

  /** Counts it; whether it is to be stored. */
  place({ mistake, mark }: CapturedMistake): boolean {
    if (this.#repeated.has(mistake.id) || this.#stored().some(({ captured }) => captured.mistake.id === mistake.id)) {
      return false;
    }
    if (mark === undefined || mistake.clusterId === null) return true;
    for (const counter of mark.counters) {
      const before = this.#counts.get(counterName(counter))?.captured ?? 0;
      this.#counts.set(counterName(counter), { startMinute: counter.startMinute, captured: before + 1 });
    }
    const original = this.#originalOf(mistake, mark.contentHash);
    const { projectId, createdAt } = mistake;
    const clusterId = original?.clusterId ?? mistake.clusterId;
    const before = this.#clusters.get(clusterId);
    this.#clusters.set(clusterId, {
      ...(before ?? { id: clusterId, projectId, sketch: mark.sketch, createdAt }),
      size: (before?.size ?? 0) + 1,
      latestAt: Math.max(before?.latestAt ?? 0, createdAt),
    });
    if (clusterId === clusterIdOf(mistake.id)) {
      for (const band of bandsOf(projectId, mark.sketch)) this.#leaders.set(band, clusterId);
    }
    if (original !== undefined) this.#repeated.set(mistake.id, original.id);
    return original === undefined;
  }

  /** Once a batch is stored: what is repeated is the one that was stored first, be it of the same batch. */
  settle(batch: readonly CapturedMistake[]): void {
    for (const { mistake, mark } of batch) {
      const original = mark && this.#originalOf(mistake, mark.contentHash);
      if (original !== undefined && this.#repeated.has(mistake.id)) this.#repeated.set(mistake.id, original.id);
    }
  }

  #originalOf(mistake: CapturedMistake["mistake"], contentHash: string): CapturedMistake["mistake"] | undefined {
    return this.#stored()
      .filter(
        ({ captured, quarantine }) =>
          captured.mistake.projectId === mistake.projectId &&
          captured.mistake.id !== mistake.id &&
          captured.mark?.contentHash === contentHash &&
          (quarantine === null || mistake.quarantine !== null),
      )
      .map(({ captured }) => captured.mistake)[0];
  }

  /** The mistake that this one repeats, else itself. */
  resolve(id: string): string {
    return this.#repeated.get(id) ?? id;
  }

  async look(mistakes: readonly AskedMistake[], counters: readonly Counter[]): Promise<Known> {
    const counts = await this.counts(counters);
    const stored = this.#stored();
    const isKnown = (id: string): boolean =>
      this.#repeated.has(id) || stored.some(({ captured }) => captured.mistake.id === id);
    const clusterOf = new Map<string, string>();
    for (const asked of mistakes) {
      const same = stored
        .filter(({ captured }) => captured.mistake.projectId === asked.projectId)
        .filter(({ captured }) => captured.mark?.contentHash === asked.contentHash)
        .flatMap(({ captured }) => captured.mistake.clusterId ?? []);
      const [oldest] = same.toSorted();
      if (oldest !== undefined) clusterOf.set(contentName(asked), oldest);
    }
    const leaderIds = new Set(mistakes.flatMap(({ bands }) => bands.flatMap((band) => this.#leaders.get(band) ?? [])));
    const leaders = [...leaderIds].flatMap((clusterId) => {
      const cluster = this.#clusters.get(clusterId);
      return cluster === undefined ? [] : [{ clusterId, projectId: cluster.projectId, sketch: cluster.sketch }];
    });
    return { ids: new Set(mistakes.map(({ id }) => id).filter(isKnown)), clusterOf, leaders, counts };
  }

  async counts(counters: readonly Counter[]): Promise<Counts> {
    await Promise.resolve();
    return new Map(
      counters.map(counterName).flatMap((name): [string, number][] => {
        const count = this.#counts.get(name);
        return count === undefined ? [] : [[name, count.captured]];
      }),
    );
  }

  async list(projectId: string, order: ClusterOrder, { limit, cursor }: PageRequest): Promise<Page<Cluster>> {
    await Promise.resolve();
    const newer = (left: Cluster, right: Cluster): number => (left.id < right.id ? 1 : left.id > right.id ? -1 : 0);
    const compare = (left: Cluster, right: Cluster): number =>
      (order === "largest" ? right.size - left.size : 0) || newer(left, right);
    const own = [...this.#clusters.values()].filter((cluster) => cluster.projectId === projectId && cluster.size > 1);
    const at = cursor === null ? undefined : this.#clusters.get(cursor);
    const rest = own
      .filter((cluster) => cursor === null || (at !== undefined && compare(at, cluster) < 0))
      .toSorted(compare)
      .map(({ sketch: _, ...cluster }) => cluster);
    return { items: rest.slice(0, limit), hasMore: rest.length > limit };
  }

  async sizes(projectId: string, clusterIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    await Promise.resolve();
    const own = [...this.#clusters.values()].filter((cluster) => cluster.projectId === projectId);
    return new Map(own.filter(({ id }) => clusterIds.includes(id)).map(({ id, size }) => [id, size]));
  }

  async analysable(requests: readonly AnalysisRequest[]): Promise<readonly AnalysisRequest[]> {
    await Promise.resolve();
    const found = requests.flatMap(({ projectId, mistakeId }) => {
      const id = this.resolve(mistakeId);
      const stored = this.#stored().find(({ captured: { mistake } }) => mistake.id === id);
      const isOpen =
        stored?.captured.mistake.projectId === projectId &&
        stored.quarantine === null &&
        !stored.isAnalysed &&
        (stored.state === "captured" || stored.state === "confirmed");
      return isOpen ? [{ projectId, mistakeId: id }] : [];
    });
    return [...new Map(found.map((request) => [request.mistakeId, request])).values()];
  }

  async prune(beforeMinute: number): Promise<number> {
    await Promise.resolve();
    const old = [...this.#counts].filter(([, { startMinute }]) => startMinute < beforeMinute);
    for (const [name] of old) this.#counts.delete(name);
    return old.length;
  }

  /** For retention: what belonged to these mistakes. */
  forget(mistakeIds: readonly string[]): void {
    for (const [id, mistakeId] of this.#repeated) if (mistakeIds.includes(mistakeId)) this.#repeated.delete(id);
    const used = new Set(this.#stored().map(({ captured }) => captured.mistake.clusterId));
    for (const id of this.#clusters.keys()) if (!used.has(id)) this.#clusters.delete(id);
    for (const [band, id] of this.#leaders) if (!this.#clusters.has(id)) this.#leaders.delete(band);
  }
}
