// Fills a gateway's database with mistakes that are ready for release. Law: through the real tables, indexes and triggers; every
// mistake has a prompt of its own, some a correction, some near duplicates.
import { closeSync, fsyncSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createMakeId } from "../../src/lib/ids.ts";
import { drawText, EVERY_MILLISECONDS, NEWEST } from "../store/population.ts";
import { seeded, type Random } from "../store/random.ts";

export const PROJECT = "prj_default";
const TEXTS = 400;
const ROWS_A_STATEMENT = 4_000;
const CORRECTED_SHARE = 0.2;
/** in clusters of two */
const DUPLICATED_SHARE = 0.1;
/** Stands in each text for the mistake's own number. */
const PLACE = "page two";

const INSERT_MISTAKES = `INSERT INTO mistakes (id, project_id, kind, source, state, categories, verdicts, action, released_characters,
  exchange, correction, model, guidance_version, policy_version, classifier_version, key_id, request_id, completion_id, created_at, cluster_id)
SELECT value ->> 'id', '${PROJECT}', 'other', 'production', 'confirmed', '["custom:bench"]', verdicts, 'block', 0,
  replace(exchange, '${PLACE}', 'page ' || (value ->> 'place')),
  CASE WHEN value ->> 'corrected' THEN 'You may return the lamp of order ' || (value ->> 'place') || ' within thirty days, with its receipt.' END,
  'gpt-4o-mini-2024-07-18', 'sandwich-en-1', 'pol_newest', 'a1b2c3d4e5f6', 'key_busy',
  'req_' || substr(value ->> 'id', 5), 'chatcmpl-' || substr(value ->> 'id', 5), value ->> 'createdAt', value ->> 'clusterId'
FROM json_each(?1) CROSS JOIN bench_texts ON bench_texts.place = value ->> 'text'`;

const INSERT_ANALYSES = `INSERT INTO analyses (id, project_id, mistake_id, text, prompt_version, model, created_at, quality)
SELECT 'ana' || substr(value ->> 'id', 4), '${PROJECT}', value ->> 'id',
  'The answer promises delivery of the lamp on page ' || (value ->> 'place') || ' though the shop has never said when it comes. A careful answer would have named the manual and asked for the number of the order first.',
  'guided-analysis-en-1', 'gpt-4o-mini-2024-07-18', value ->> 'createdAt', '[]'
FROM json_each(?1)`;

function fillTexts(database: DatabaseSync, random: Random): void {
  database.exec("CREATE TEMP TABLE bench_texts (place INTEGER PRIMARY KEY, exchange TEXT, verdicts TEXT)");
  const insert = database.prepare("INSERT INTO bench_texts VALUES (?, ?, ?)");
  for (let place = 0; place < TEXTS; place += 1) {
    const { exchange, verdicts } = drawText(random);
    insert.run(
      place,
      exchange.replace('"role":"user","content":"', `"role":"user","content":"About ${PLACE}: `),
      verdicts,
    );
  }
}

export function fillForRelease(file: string, many: number): void {
  const database = new DatabaseSync(file);
  try {
    // A crash would spoil the file; then it is filled again.
    database.exec(
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = ON",
    );
    const random = seeded(20_261_124);
    fillTexts(database, random);
    const statements = [INSERT_MISTAKES, INSERT_ANALYSES].map((query) => database.prepare(query));
    const randomBytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));
    for (let start = 0; start < many; start += ROWS_A_STATEMENT) {
      const length = Math.min(ROWS_A_STATEMENT, many - start);
      const rows = Array.from({ length }, (_, index) => {
        const place = start + index;
        const createdAt = NEWEST - (many - place) * EVERY_MILLISECONDS;
        return {
          id: createMakeId(() => createdAt, randomBytes)("mis"),
          place,
          createdAt,
          corrected: random() < CORRECTED_SHARE ? 1 : 0,
          clusterId: random() < DUPLICATED_SHARE ? `clu_${Math.floor(place / 20)}` : `clu_own_${place}`,
          text: Math.floor(random() * TEXTS),
        };
      });
      for (const statement of statements) statement.run(JSON.stringify(rows));
      if (start % 100_000 === 0) console.log(`${start} of ${many} mistakes`);
    }
    // As D1 keeps its files.
    database.exec("PRAGMA journal_mode = WAL");
  } finally {
    database.close();
  }
  // Else the gateway's first write would wait for the disk to take all of it.
  const descriptor = openSync(file, "r+");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
