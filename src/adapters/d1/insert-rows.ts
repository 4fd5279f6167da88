// Inserts many rows by one statement a megabyte, idempotent by primary key. Law: what is there already stays as it is.
import { getTableColumns, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "./database.ts";
import { jsonParameters } from "./json-parameter.ts";

/** Statements that insert `rows`, keyed by the table's property names, to be awaited or batched; none for no rows. */
export function insertRows<Table extends SQLiteTable>(
  database: Database,
  table: Table,
  rows: readonly Table["$inferSelect"][],
): readonly (BatchItem<"sqlite"> & PromiseLike<unknown>)[] {
  const values = sql.join(
    Object.keys(getTableColumns(table)).map((property) => sql`json_extract(value, ${sql.raw(`'$.${property}'`)})`),
    sql`, `,
  );
  // `WHERE true` keeps SQLite from reading ON CONFLICT as a join's ON (sqlite.org/lang_upsert.html, «Parsing Ambiguity»).
  return jsonParameters(rows).map((parameter) =>
    database
      .insert(table)
      .select(sql`SELECT ${values} FROM json_each(${parameter}) WHERE true`)
      .onConflictDoNothing(),
  );
}
