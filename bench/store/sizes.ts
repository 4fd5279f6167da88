// How large each table and index of a database's file is, by SQLite's own count of pages (sqlite.org/dbstat.html).
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const rowsSchema = z.array(z.object({ name: z.string(), bytes: z.number() }));

/** Largest first. */
export function sizesOf(file: string): readonly { readonly name: string; readonly bytes: number }[] {
  const database = new DatabaseSync(file);
  try {
    const found = database
      .prepare("SELECT name, pgsize AS bytes FROM dbstat WHERE aggregate = TRUE ORDER BY pgsize DESC")
      .all();
    return rowsSchema.parse(found.map((row) => ({ ...row })));
  } finally {
    database.close();
  }
}
