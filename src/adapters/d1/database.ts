// Drizzle over the D1 binding, or over one session of it. Law: a session reads where it may — a replica, unless its start
// says otherwise — and later reads of it are never older than earlier ones and its own writes
// (developers.cloudflare.com/d1/best-practices/read-replication).
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";

export type Database = DrizzleD1Database;

/** Always the primary. */
export function openDatabase(binding: D1Database): Database {
  return drizzle(binding);
}

export interface DatabaseSession {
  readonly database: Database;
  /** where the session stands; null until it has asked anything */
  readonly bookmark: () => string | null;
}

/** `start` is `first-unconstrained`, `first-primary`, or an earlier session's bookmark. */
export function openSession(binding: D1Database, start: string): DatabaseSession {
  const session = binding.withSession(start);
  const asked = {
    prepare: session.prepare.bind(session),
    batch: session.batch.bind(session),
  };
  // Drizzle asks for a whole binding, though it uses these two of it alone.
  const database = new Proxy(binding, {
    get: (whole, name): unknown => (name === "prepare" || name === "batch" ? asked[name] : Reflect.get(whole, name)),
  });
  return { database: drizzle(database), bookmark: () => session.getBookmark() };
}
