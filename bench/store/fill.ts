// Fills the gateway's database by seed. Law: through the real tables, indexes and triggers, by statements of many rows each; the
// long texts are drawn once and lie in the database, so that a statement carries only what differs from row to row.
import type { LocalDatabase } from "./gateway.ts";
import { drawMistake, drawText, NEWEST } from "./population.ts";
import { seeded, type Random } from "./random.ts";

export const PROJECT = "prj_default";
const OTHER_PROJECT = "prj_other";
const TEXTS = 400;
const ROWS_A_STATEMENT = 4_000;

const INSERT_MISTAKES = `INSERT INTO mistakes (id, project_id, kind, source, state, categories, verdicts, action, released_characters,
  exchange, model, guidance_version, policy_version, classifier_version, key_id, request_id, completion_id, created_at, release_id)
SELECT value ->> 'id', ?2, value ->> 'kind', value ->> 'source', value ->> 'state', value ->> 'categories', verdicts, 'block', 0,
  exchange, 'gpt-4o-mini-2024-07-18', 'sandwich-en-1', value ->> 'policyVersion', 'a1b2c3d4e5f6', value ->> 'keyId',
  'req_' || substr(value ->> 'id', 5), 'chatcmpl-' || substr(value ->> 'id', 5), value ->> 'createdAt', value ->> 'releaseId'
FROM json_each(?1) JOIN bench_texts ON bench_texts.place = value ->> 'text'`;

const INSERT_ANALYSES = `INSERT INTO analyses (id, project_id, mistake_id, text, prompt_version, model, created_at)
SELECT 'ana' || substr(value ->> 'id', 4), ?2, value ->> 'id', substr(exchange, 40, 500), 'guided-analysis-en-1',
  'gpt-4o-mini-2024-07-18', value ->> 'createdAt'
FROM json_each(?1) JOIN bench_texts ON bench_texts.place = value ->> 'text' WHERE value ->> 'state' <> 'captured'`;

const INSERT_LINEAGE = `INSERT INTO release_mistakes (project_id, release_id, mistake_id)
SELECT ?2, value ->> 'releaseId', value ->> 'id' FROM json_each(?1) WHERE value ->> 'releaseId' IS NOT NULL`;

const INSERT_RELEASES = `INSERT OR IGNORE INTO releases (id, project_id, status, trigger, include_released, counts, files, created_at, ready_at)
SELECT DISTINCT value ->> 'releaseId', ?2, 'ready', 'schedule', 0, '{"analysis":1000,"normal":1000}', '[]', ?3, ?3
FROM json_each(?1) WHERE value ->> 'releaseId' IS NOT NULL`;

const INSERT_ATTACKS = `INSERT INTO attacks (id, project_id, categories, verdicts, messages, policy_version, key_id, request_id, created_at)
SELECT 'atk' || substr(value ->> 'id', 4), ?2, '["prompt_attack"]', verdicts, exchange -> '$.messages', value ->> 'policyVersion',
  value ->> 'keyId', 'req_' || substr(value ->> 'id', 5), value ->> 'createdAt'
FROM json_each(?1) JOIN bench_texts ON bench_texts.place = value ->> 'text' WHERE key % 10 = 0`;

const INSERT_AUDIT = `INSERT INTO audit (id, project_id, key_id, event, subject, details, created_at)
SELECT 'aud' || substr(value ->> 'id', 4), ?2, value ->> 'keyId', 'policy_created', value ->> 'policyVersion', '{}', value ->> 'createdAt'
FROM json_each(?1) WHERE key % 10 = 1`;

async function run(database: LocalDatabase, query: string, ...values: readonly unknown[]): Promise<void> {
  await database
    .prepare(query)
    .bind(...values)
    .run();
}

async function fillTexts(database: LocalDatabase, random: Random): Promise<void> {
  await run(database, "CREATE TABLE bench_texts (place INTEGER PRIMARY KEY, exchange TEXT, verdicts TEXT)");
  const texts = Array.from({ length: TEXTS }, (_, place) => ({ place, ...drawText(random) }));
  const insert = `INSERT INTO bench_texts SELECT value ->> 'place', value ->> 'exchange', value ->> 'verdicts' FROM json_each(?1)`;
  for (let start = 0; start < TEXTS; start += 100) {
    await run(database, insert, JSON.stringify(texts.slice(start, start + 100)));
  }
}

export interface Filled {
  readonly seconds: number;
  /** of the whole file, per mistake: mistakes, analyses, lineage, and a tenth as many attacks and audit entries */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export async function databaseBytes(database: LocalDatabase): Promise<number> {
  const { meta } = await database.prepare("SELECT 1").run();
  return meta.size_after;
}

export async function fill(database: LocalDatabase, many: number, told: (done: number) => void): Promise<Filled> {
  const begin = performance.now();
  const random = seeded(20_261_123);
  await run(database, "INSERT INTO projects (id, name, created_at) VALUES (?1, 'other', 0)", OTHER_PROJECT);
  await fillTexts(database, random);
  const bytesBefore = await databaseBytes(database);
  for (let start = 0; start < many; start += ROWS_A_STATEMENT) {
    const rows = Array.from({ length: Math.min(ROWS_A_STATEMENT, many - start) }, (_, place) =>
      drawMistake(random, start + place, many, TEXTS),
    );
    const json = JSON.stringify(rows);
    for (const query of [INSERT_MISTAKES, INSERT_ANALYSES, INSERT_LINEAGE, INSERT_ATTACKS, INSERT_AUDIT]) {
      await run(database, query, json, PROJECT);
    }
    await run(database, INSERT_RELEASES, json, PROJECT, NEWEST);
    if (start % 100_000 === 0) told(start);
  }
  const other = JSON.stringify(
    Array.from({ length: ROWS_A_STATEMENT }, (_, place) => drawMistake(random, place, ROWS_A_STATEMENT, TEXTS)),
  );
  const bytesAfter = await databaseBytes(database);
  await run(database, INSERT_MISTAKES, other, OTHER_PROJECT);
  return { seconds: (performance.now() - begin) / 1000, bytesBefore, bytesAfter };
}
