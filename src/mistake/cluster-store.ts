// Port: what is known of clusters, before mistakes are stored (look) and after. Law: looking changes nothing; what it saw may have
// changed by the time that the mistakes are stored, which then costs a cluster too many at worst, never a mistake.
import type { Page, PageRequest } from "../lib/page.ts";
import type { AnalysisRequest } from "./analysis-queue.ts";
import type { Cluster, Counter } from "./cluster.ts";

export interface Content {
  readonly projectId: string;
  readonly contentHash: string;
}

export interface AskedMistake extends Content {
  readonly id: string;
  readonly bands: readonly number[];
}

/** A cluster as its first mistake left it. */
export interface Leader {
  readonly clusterId: string;
  readonly projectId: string;
  readonly sketch: string;
}

export interface Known {
  /** which of these ids are stored or counted already */
  readonly ids: ReadonlySet<string>;
  /** the clusters of contents that are stored already, by `contentName` */
  readonly clusterOf: ReadonlyMap<string, string>;
  readonly leaders: readonly Leader[];
  readonly counts: Counts;
}

/** How much was counted already, by `counterName`; what was never counted is missing. */
export type Counts = ReadonlyMap<string, number>;

export function contentName({ projectId, contentHash }: Content): string {
  return `${projectId} ${contentHash}`;
}

export const CLUSTER_ORDERS = ["newest", "largest"] as const;
export type ClusterOrder = (typeof CLUSTER_ORDERS)[number];

export interface ClusterStore {
  look(mistakes: readonly AskedMistake[], counters: readonly Counter[]): Promise<Known>;
  counts(counters: readonly Counter[]): Promise<Counts>;
  /** Clusters of two and more. */
  list(projectId: string, order: ClusterOrder, page: PageRequest): Promise<Page<Cluster>>;
  /** by cluster id; of an unknown one nothing */
  sizes(projectId: string, clusterIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Which of these are worth an analysis: stored, neither dismissed nor analysed, and not in quarantine. A recurrence stands for
   * the mistake that it repeats. Each once, in order.
   */
  analysable(requests: readonly AnalysisRequest[]): Promise<readonly AnalysisRequest[]>;
  /** Forgets the counts of periods that began before this minute; how many. */
  prune(beforeMinute: number): Promise<number>;
}
