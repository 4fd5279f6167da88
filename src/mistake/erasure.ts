// An erasure: everything of one end user is taken out of everything that we keep (GDPR article 17). Law: it goes on where it
// stopped, whoever goes on with it; its record names nobody.

export const ERASURE_STATUSES = ["running", "done"] as const;
export type ErasureStatus = (typeof ERASURE_STATUSES)[number];

/** How much was erased at each place. */
export type ErasedCounts = Readonly<Record<string, number>>;

export interface Erasure {
  readonly id: string;
  readonly projectId: string;
  /** who asked for it */
  readonly keyId: string;
  readonly status: ErasureStatus;
  /** the name of the place where it goes on; empty once it is done */
  readonly place: string;
  readonly cursor: string | null;
  readonly erased: ErasedCounts;
  /** the releases that held an example of the end user: what was trained on them has seen it */
  readonly releaseIds: readonly string[];
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

export interface ErasureTask extends Pick<Erasure, "projectId" | "releaseIds"> {
  /** the end user, under every secret that may have named him */
  readonly endUsers: readonly string[];
}

/** What one bounded step at a place came to. */
export interface ErasedPart {
  readonly erased: number;
  /** releases that held something, as far as this step found them */
  readonly releaseIds?: readonly string[];
  /** `laterFrom`: something must come to its end first */
  readonly next: { readonly cursor: string | null } | { readonly laterFrom: string } | "done";
}

/** One place that keeps what end users wrote. Law: safe to repeat from any cursor. */
export interface ErasurePlace {
  readonly name: string;
  erase(task: ErasureTask, cursor: string | null): Promise<ErasedPart>;
}
