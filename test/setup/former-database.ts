// A D1 as a former version left it: emptied of all tables, brought up to that version's last migration, filled with its rows.
// Law: of the file's own database, so nothing else in the file may count on today's tables before `bringForward`.
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { FormerRow } from "../fixtures/former-rows.ts";

const OWN = "name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'";

async function tables(): Promise<readonly string[]> {
  const query = `SELECT name FROM sqlite_master WHERE type = 'table' AND ${OWN} ORDER BY rowid DESC`;
  const { results } = await env.DB.prepare(query).all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** Every table but the list of migrations. */
export async function ownTables(): Promise<readonly string[]> {
  return (await tables()).filter((name) => name !== "d1_migrations");
}

/** `last` is how the name of the former version's last migration begins. */
export async function goBackTo(last: string): Promise<void> {
  const dropped = (await tables()).map((name) => env.DB.prepare(`DROP TABLE \`${name}\``));
  await env.DB.batch([env.DB.prepare("PRAGMA defer_foreign_keys = ON"), ...dropped]);
  const index = env.TEST_MIGRATIONS.findIndex(({ name }) => name.startsWith(last));
  if (index < 0) throw new Error(`there is no migration ${last}`);
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS.slice(0, index + 1));
}

export async function bringForward(): Promise<void> {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
}

export async function fillTables(rows: Readonly<Record<string, readonly FormerRow[]>>): Promise<void> {
  const inserts = Object.entries(rows).flatMap(([table, of]) =>
    of.map((row) => {
      const columns = Object.keys(row).map((name) => `\`${name}\``);
      const statement = `INSERT INTO \`${table}\` (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
      return env.DB.prepare(statement).bind(...Object.values(row));
    }),
  );
  await env.DB.batch(inserts);
}

/** The rows of a table, of these columns, in the order of all their values. */
export async function rowsOf(table: string, columns: readonly string[] | null = null): Promise<readonly FormerRow[]> {
  const names = columns === null ? "*" : columns.map((name) => `\`${name}\``).join(", ");
  const { results } = await env.DB.prepare(`SELECT ${names} FROM \`${table}\``).all<FormerRow>();
  return results.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
