// The statements that store captured things with what is counted of them, for one transaction. Law: a bounded number of them a batch,
// each safe to repeat — they ask again, inside the transaction, what is stored already, so that two consumers lose and double nothing.
import { sql, type SQL } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { captureCounts, clusterBands, clusters, recurrences } from "../../db/cluster-tables.ts";
import { keptExchanges } from "../../db/feedback-tables.ts";
import { attacks, mistakes } from "../../db/mistake-tables.ts";
import { contentName } from "../../mistake/cluster-store.ts";
import { clusterIdOf } from "../../mistake/cluster.ts";
import { bandsOf } from "../../mistake/min-hash.ts";
import type { Captured } from "../../mistake/mistake-store.ts";
import type { Database } from "./database.ts";
import { NOT_ERASED } from "./erased-condition.ts";
import { insertRows } from "./insert-rows.ts";
import { keptToRow } from "./kept-exchange-rows.ts";
import { givenRows, jsonParameters } from "./json-parameter.ts";
import { attackToRow, mistakeToRow, type MistakeRow } from "./mistake-rows.ts";

type CapturedMistake = Extract<Captured, { type: "mistake" }>;

/** Of a marked mistake, as the statements read it. */
interface Marked {
  readonly id: string;
  readonly projectId: string;
  readonly contentHash: string;
  readonly clusterId: string;
  readonly sketch: string;
  readonly quarantine: string | null;
  readonly endUser: string | null;
  readonly createdAt: number;
}

const field = (name: string): SQL => sql`json_extract(value, ${sql.raw(`'$.${name}'`)})`;

const IS_COUNTED = sql`EXISTS (SELECT 1 FROM recurrences WHERE recurrences.id = ${field("id")})`;
const IS_NEW = sql`NOT ${IS_COUNTED} AND NOT EXISTS (SELECT 1 FROM mistakes WHERE mistakes.id = ${field("id")}) AND ${NOT_ERASED}`;

/**
 * What waits in quarantine stands in nobody's way: a mistake that may be learned from is stored beside it. Of several, the one that
 * was stored first, by the row's number: whoever asks in one batch is told the same.
 */
const ORIGINAL = sql`FROM mistakes WHERE mistakes.project_id = ${field("projectId")} AND mistakes.content_hash = ${field("contentHash")} AND mistakes.id <> ${field("id")} AND (mistakes.quarantine IS NULL OR ${field("quarantine")} IS NOT NULL)`;

/** Another consumer may have stored the same content meanwhile, in a cluster of its own. */
const CLUSTER = sql`coalesce((SELECT mistakes.cluster_id ${ORIGINAL} AND mistakes.cluster_id IS NOT NULL ORDER BY mistakes.rowid LIMIT 1), ${field("clusterId")})`;

function markedOf(items: readonly CapturedMistake[]): readonly Marked[] {
  return items.flatMap(({ mistake, mark }) => {
    if (mark === undefined || mistake.clusterId === null) return [];
    const { id, projectId, clusterId, quarantine, createdAt } = mistake;
    const { contentHash, sketch } = mark;
    const { endUser } = mistake.provenance;
    return [{ id, projectId, contentHash, clusterId, sketch, quarantine, endUser, createdAt }];
  });
}

/**
 * What repeats an earlier one of the same batch is no row of `firsts`. An erasure may keep that earlier one out, though, or another
 * consumer have stored it in quarantine: the latest repetition of each end user is in `others`, to be asked of the store once it has the firsts.
 */
function originalRows(items: readonly CapturedMistake[]): {
  readonly firsts: readonly MistakeRow[];
  readonly others: readonly MistakeRow[];
} {
  const firsts = new Map<string, MistakeRow>();
  const others = new Map<string, MistakeRow>();
  for (const row of items.map(mistakeToRow)) {
    if (row.contentHash === null) {
      firsts.set(row.id, row);
      continue;
    }
    const name = contentName({ projectId: row.projectId, contentHash: row.contentHash });
    const quarantined = `${name} quarantine`;
    const first = firsts.get(name) ?? (row.quarantine === null ? undefined : firsts.get(quarantined));
    if (first === undefined) firsts.set(row.quarantine === null ? name : quarantined, row);
    else {
      const own = JSON.stringify([name, row.endUser, row.quarantine === null]);
      if (row.createdAt >= (others.get(own)?.createdAt ?? 0)) others.set(own, row);
    }
  }
  return { firsts: [...firsts.values()], others: [...others.values()] };
}

function countStatements(database: Database, items: readonly CapturedMistake[]): readonly BatchItem<"sqlite">[] {
  const counted = items.flatMap(({ mistake: { id, createdAt, provenance }, mark }) =>
    (mark?.counters ?? []).map((counter) => ({ id, createdAt, endUser: provenance.endUser, ...counter })),
  );
  return jsonParameters(counted).map((parameter) =>
    database
      .insert(captureCounts)
      .select(
        sql`${givenRows(parameter)} SELECT ${field("projectId")}, ${field("subject")}, ${field("lengthMinutes")}, ${field("startMinute")}, count(*) FROM given WHERE ${IS_NEW} GROUP BY 1, 2, 3, 4`,
      )
      .onConflictDoUpdate({
        target: [
          captureCounts.projectId,
          captureCounts.subject,
          captureCounts.lengthMinutes,
          captureCounts.startMinute,
        ],
        set: { captured: sql`captured + excluded.captured` },
      }),
  );
}

function clusterStatements(database: Database, marked: readonly Marked[]): readonly BatchItem<"sqlite">[] {
  return jsonParameters(marked).map((parameter) =>
    database
      .insert(clusters)
      .select(
        sql`${givenRows(parameter)} SELECT ${CLUSTER}, ${field("projectId")}, ${field("sketch")}, count(*), min(${field("createdAt")}), max(${field("createdAt")}) FROM given WHERE ${IS_NEW} GROUP BY 1`,
      )
      .onConflictDoUpdate({
        target: clusters.id,
        set: { size: sql`size + excluded.size`, latestAt: sql`max(latest_at, excluded.latest_at)` },
      }),
  );
}

function recurrenceStatements(database: Database, marked: readonly Marked[]): readonly BatchItem<"sqlite">[] {
  return jsonParameters(marked).map((parameter) =>
    database
      .insert(recurrences)
      .select(
        sql`${givenRows(parameter)} SELECT ${field("id")}, ${field("projectId")}, (SELECT mistakes.id ${ORIGINAL} ORDER BY mistakes.rowid LIMIT 1), ${field("createdAt")} FROM given WHERE ${IS_NEW}`,
      )
      .onConflictDoNothing(),
  );
}

/** Only of clusters that came to be: what another consumer was first with leads nothing here. */
function bandStatements(database: Database, marked: readonly Marked[]): readonly BatchItem<"sqlite">[] {
  const led = marked
    .filter(({ id, clusterId }) => clusterId === clusterIdOf(id))
    .map(({ projectId, clusterId, sketch }) => ({ clusterId, bands: bandsOf(projectId, sketch) }));
  return jsonParameters(led).map((parameter) =>
    database
      .insert(clusterBands)
      .select(
        sql`SELECT band.value, clusters.id FROM json_each(${parameter}) AS led CROSS JOIN clusters ON clusters.id = json_extract(led.value, '$.clusterId') CROSS JOIN json_each(led.value, '$.bands') AS band WHERE true`,
      )
      .onConflictDoUpdate({ target: clusterBands.band, set: { clusterId: sql`excluded.cluster_id` } }),
  );
}

export function insertCapturedStatements(
  database: Database,
  captured: readonly Captured[],
): readonly BatchItem<"sqlite">[] {
  const byId = new Map(captured.flatMap((item) => (item.type === "mistake" ? [[item.mistake.id, item]] : [])));
  // Delivered twice in one batch, it is there once: no statement sees what it inserts itself.
  const found = [...byId.values()];
  const marked = markedOf(found);
  const { firsts, others } = originalRows(found);
  const isOriginal = sql`NOT ${IS_COUNTED} AND NOT EXISTS (SELECT 1 ${ORIGINAL}) AND ${NOT_ERASED}`;
  return [
    ...countStatements(database, found),
    ...clusterStatements(database, marked),
    ...insertRows(database, mistakes, firsts, isOriginal),
    ...insertRows(database, mistakes, others, isOriginal),
    ...recurrenceStatements(database, marked),
    ...bandStatements(database, marked),
    ...insertRows(
      database,
      attacks,
      captured.flatMap((item) => (item.type === "attack" ? [attackToRow(item)] : [])),
      NOT_ERASED,
    ),
    ...insertRows(
      database,
      keptExchanges,
      captured.flatMap((item) => (item.type === "exchange" ? [keptToRow(item)] : [])),
      NOT_ERASED,
    ),
  ];
}
