// Port: who read stored texts. Law: ids and never a text; an entry is written after the reply, and never changed. Apart from the
// audit, since reading changes nothing, happens far more often, and is forgotten after 400 days.
import type { Page, PageRequest } from "../lib/page.ts";

export type ReadThing =
  | ("mistakes" | "attacks" | "verdicts" | "release_file" | "feedback")
  | ("examples" | "clusters" | "review_queue" | "reviews" | "overrules");

export interface AccessEntry {
  readonly id: string;
  readonly projectId: string;
  /** who read */
  readonly keyId: string;
  readonly thing: ReadThing;
  /** the ids of what was read; of a file its release and its name */
  readonly subjects: readonly string[];
  readonly requestId: string;
  readonly createdAt: number;
}

export interface AccessLog {
  addEntry(entry: AccessEntry): Promise<void>;
  /** newest first */
  listEntries(projectId: string, page: PageRequest): Promise<Page<AccessEntry>>;
  /** Of all projects; at most `limit`, and how many it were. */
  pruneEntries(before: number, limit: number): Promise<number>;
}
