// Inserts many rows by one statement a megabyte, idempotent by primary key. Law: what is there already stays as it is; a row
// that breaks any other rule of its table is an error, never skipped.
import { getTableColumns, sql, type Column, type SQL } from "drizzle-orm";
import type { SQLiteInsertBase, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "./database.ts";
import { givenRows, jsonParameters } from "./json-parameter.ts";

/**
 * JSON columns travel as texts within the JSON, so that SQLite never parses what clients sent: its JSON may be no deeper
 * than 1000 levels (sqlite.org/json1.html), and one deeper row would fail its whole batch.
 */
function driverValues(columns: readonly (readonly [string, Column])[], row: object): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [property, column] of columns) {
    const value: unknown = Reflect.get(row, property) ?? null;
    values[property] = value === null ? null : column.mapToDriverValue(value);
  }
  return values;
}

/**
 * Statements that insert `rows`, keyed by the table's property names, if `condition` holds; none for no rows. They are
 * drizzle's own, since its `run(sql)` can't be part of a batch on D1.
 */
export function insertRows<Table extends SQLiteTable>(
  database: Database,
  table: Table,
  rows: readonly Table["$inferSelect"][],
  condition: SQL = sql`true`,
): readonly SQLiteInsertBase<Table, "async", D1Result>[] {
  const columns = Object.entries(getTableColumns(table));
  const values = sql.join(
    columns.map(([property]) => sql`json_extract(value, ${sql.raw(`'$.${property}'`)})`),
    sql`, `,
  );
  // The WHERE also keeps SQLite from reading ON CONFLICT as a join's ON (sqlite.org/lang_upsert.html, «Parsing Ambiguity»).
  return jsonParameters(rows.map((row) => driverValues(columns, row))).map((parameter) =>
    database
      .insert(table)
      .select(sql`${givenRows(parameter)} SELECT ${values} FROM given WHERE ${condition}`)
      .onConflictDoNothing(),
  );
}
