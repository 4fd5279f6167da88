// A cluster: mistakes that are near duplicates of its first one, and their exact recurrences, which are counted and not stored.

export interface Cluster {
  readonly id: string;
  readonly projectId: string;
  /** mistakes and recurrences that ever joined it */
  readonly size: number;
  /** when its first and its latest mistake were captured, in milliseconds since the Unix epoch */
  readonly createdAt: number;
  readonly latestAt: number;
}

/** What is counted for a cap or a burst: all that a key, an end user or a cluster does within one period. */
export interface Counter {
  readonly projectId: string;
  /** `key:ID`, `user:ID` or `cluster:ID` */
  readonly subject: string;
  readonly lengthMinutes: number;
  /** since the Unix epoch; a multiple of the length */
  readonly startMinute: number;
}

/** What the store keeps of a mistake beside itself, so that the next one like it is known. */
export interface ContentMark {
  readonly contentHash: string;
  readonly sketch: string;
  readonly counters: readonly Counter[];
}

export function counterName({ projectId, subject, lengthMinutes, startMinute }: Counter): string {
  return JSON.stringify([projectId, subject, lengthMinutes, startMinute]);
}

/** The mistake's own id under another prefix, so that clusters sort by time as well. */
export function clusterIdOf(mistakeId: string): string {
  return `clu_${mistakeId.slice(mistakeId.indexOf("_") + 1)}`;
}
