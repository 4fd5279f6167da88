// How a database says that it is full. Law: known by its words alone, since drivers give no code: SQLite's for SQLITE_FULL
// (sqlite.org/rescode.html#full), and D1's own for its limit.
import { errorMessage } from "../lib/error-message.ts";

const FULL = /database or disk is full|SQLITE_FULL|maximum DB size/i;

export function isDatabaseFull(caught: unknown): boolean {
  return FULL.test(errorMessage(caught));
}

/**
 * Work on parts of a batch, as `inHalves` does it: once the database is full, the rest fails at once instead of being halved
 * and asked about one by one, for which an invocation has too few queries.
 */
export function untilFull<Part>(work: (part: Part) => Promise<void>): (part: Part) => Promise<void> {
  let full: Error | null = null;
  return async (part) => {
    if (full !== null) throw full;
    try {
      await work(part);
    } catch (caught) {
      if (caught instanceof Error && isDatabaseFull(caught)) full = caught;
      throw caught;
    }
  };
}
