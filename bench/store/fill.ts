// Fills the gateway's database by seed. Law: through the real tables, indexes and triggers, by statements of many rows each. It is
// D1's own file while no gateway has it open: a million rows through workerd's door would take most of the run.
import { DatabaseSync } from "node:sqlite";
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
FROM json_each(?1) CROSS JOIN bench_texts ON bench_texts.place = value ->> 'text'`;

const INSERT_ANALYSES = `INSERT INTO analyses (id, project_id, mistake_id, text, prompt_version, model, created_at)
SELECT 'ana' || substr(value ->> 'id', 4), ?2, value ->> 'id', substr(exchange, 40, 500), 'guided-analysis-en-1',
  'gpt-4o-mini-2024-07-18', value ->> 'createdAt'
FROM json_each(?1) CROSS JOIN bench_texts ON bench_texts.place = value ->> 'text' WHERE value ->> 'state' <> 'captured'`;

const INSERT_LINEAGE = `INSERT INTO release_mistakes (project_id, release_id, mistake_id)
SELECT ?2, value ->> 'releaseId', value ->> 'id' FROM json_each(?1) WHERE value ->> 'releaseId' IS NOT NULL`;

const INSERT_RELEASES = `INSERT OR IGNORE INTO releases (id, project_id, status, trigger, include_released, counts, files, created_at, ready_at)
SELECT DISTINCT value ->> 'releaseId', ?2, 'ready', 'schedule', 0, '{"analysis":1000,"normal":1000}', '[]', ?3, ?3
FROM json_each(?1) WHERE value ->> 'releaseId' IS NOT NULL`;

const INSERT_ATTACKS = `INSERT INTO attacks (id, project_id, categories, verdicts, messages, policy_version, key_id, request_id, created_at)
SELECT 'atk' || substr(value ->> 'id', 4), ?2, '["prompt_attack"]', verdicts, exchange -> '$.messages', value ->> 'policyVersion',
  value ->> 'keyId', 'req_' || substr(value ->> 'id', 5), value ->> 'createdAt'
FROM json_each(?1) CROSS JOIN bench_texts ON bench_texts.place = value ->> 'text' WHERE key % 10 = 0`;

const INSERT_AUDIT = `INSERT INTO audit (id, project_id, key_id, event, subject, details, created_at)
SELECT 'aud' || substr(value ->> 'id', 4), ?2, value ->> 'keyId', 'policy_created', value ->> 'policyVersion', '{}', value ->> 'createdAt'
FROM json_each(?1) WHERE key % 10 = 1`;

function fillTexts(database: DatabaseSync, random: Random): void {
  database.exec("CREATE TEMP TABLE bench_texts (place INTEGER PRIMARY KEY, exchange TEXT, verdicts TEXT)");
  const insert = database.prepare("INSERT INTO bench_texts VALUES (?, ?, ?)");
  for (let place = 0; place < TEXTS; place += 1) {
    const { exchange, verdicts } = drawText(random);
    insert.run(place, exchange, verdicts);
  }
}

const PER_STATEMENT = [INSERT_MISTAKES, INSERT_ANALYSES, INSERT_LINEAGE, INSERT_ATTACKS, INSERT_AUDIT] as const;

function bytesOf(database: DatabaseSync): number {
  const { bytes } =
    database.prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size").get() ?? {};
  return Number(bytes);
}

/** `many` mistakes with what belongs to them, and a few of another project. Gives back the bytes that the many took. */
export function fill(file: string, many: number): number {
  const database = new DatabaseSync(file);
  try {
    // A crash would spoil the file; then it is filled again.
    database.exec(
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = ON",
    );
    const random = seeded(20_261_123);
    database.exec(`INSERT INTO projects (id, name, created_at) VALUES ('${OTHER_PROJECT}', 'other', 0)`);
    fillTexts(database, random);
    const bytesBefore = bytesOf(database);
    const statements = PER_STATEMENT.map((query) => database.prepare(query));
    const releases = database.prepare(INSERT_RELEASES);
    for (let start = 0; start < many; start += ROWS_A_STATEMENT) {
      const length = Math.min(ROWS_A_STATEMENT, many - start);
      const json = JSON.stringify(
        Array.from({ length }, (_, place) => drawMistake(random, start + place, many, TEXTS)),
      );
      for (const statement of statements) statement.run(json, PROJECT);
      releases.run(json, PROJECT, NEWEST);
      if (start % 100_000 === 0) console.log(`${start} of ${many} mistakes`);
    }
    const bytes = bytesOf(database) - bytesBefore;
    const others = Array.from({ length: ROWS_A_STATEMENT }, (_, place) =>
      drawMistake(random, place, ROWS_A_STATEMENT, TEXTS),
    );
    database.prepare(INSERT_MISTAKES).run(JSON.stringify(others), OTHER_PROJECT);
    // As D1 keeps its files.
    database.exec("PRAGMA journal_mode = WAL");
    return bytes;
  } finally {
    database.close();
  }
}
