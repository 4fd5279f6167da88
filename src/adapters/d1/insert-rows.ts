// Inserts many rows by one statement a megabyte, idempotent by primary key. Law: what is there already stays as it is.
import { getTableColumns, sql, type SQL } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { jsonParameters } from "./json-parameter.ts";

/** Statements that insert `rows`, keyed by the table's property names; none for no rows. */
export function insertRows<Table extends SQLiteTable>(
  table: Table,
  rows: readonly Table["$inferSelect"][],
): readonly SQL[] {
  const columns = Object.entries(getTableColumns(table));
  const names = sql.join(
    columns.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  );
  const values = sql.join(
    columns.map(([property]) => sql`json_extract(value, ${sql.raw(`'$.${property}'`)})`),
    sql`, `,
  );
  return jsonParameters(rows).map(
    (parameter) => sql`INSERT OR IGNORE INTO ${table} (${names}) SELECT ${values} FROM json_each(${parameter})`,
  );
}
