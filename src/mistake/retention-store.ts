// Port: what is old enough to be deleted. Law: a mistake that a release is being built from is never among it, and which release
// holds which mistake (its lineage) outlives the mistake's row.

export interface Expired {
  readonly type: "mistake" | "attack";
  readonly id: string;
  /** of the exchange, where it is an object */
  readonly objectKey: string | null;
}

/** Of one key alone, or of all but these: a key may have a policy of its own. */
export type Whose = { readonly key: string } | { readonly notOf: readonly string[] };

export interface RetentionStore {
  /** Made before this moment, in milliseconds since the Unix epoch; of a project's the oldest of each type, up to `limit` in all. */
  listExpired(projectId: string, before: number, limit: number, whose?: Whose): Promise<readonly Expired[]>;
  /** With their analyses and reviews. */
  deleteExpired(projectId: string, expired: readonly Expired[]): Promise<void>;
}
