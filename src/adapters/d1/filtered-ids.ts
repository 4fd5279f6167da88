// The ids of one page of mistakes under a filter. Law: what a page costs never depends on how many mistakes there are. Every index
// ends in (state, source, kind, id), so each combination of the three is a row of ids in order: the page is merged from the
// first `limit` ids of the combinations that fit, at most 5 × 4 × 7 of them, and nothing is walked in search of a match.
import { and, eq, sql, type SQL } from "drizzle-orm";
import { mistakes } from "../../db/mistake-tables.ts";
import { idFloor } from "../../lib/ids.ts";
import type { MistakeFilter } from "../../mistake/mistake-store.ts";
import { MISTAKE_KINDS, MISTAKE_SOURCES, MISTAKE_STATES } from "../../mistake/mistake.ts";

/** Before and after every id there is. */
const [FIRST, LAST] = ["", "\u{10FFFF}"];

export interface IdRange {
  readonly from: string;
  /** exclusive */
  readonly to: string;
}

/** Ids sort by time, so a time and a cursor are both places in their order. */
export function idRange(
  prefix: "mis" | "atk",
  { createdAfter, createdBefore }: Pick<MistakeFilter, "createdAfter" | "createdBefore">,
  cursor: string | null,
): IdRange {
  const until = createdBefore === undefined ? LAST : idFloor(prefix, createdBefore);
  return {
    from: createdAfter === undefined ? FIRST : idFloor(prefix, createdAfter),
    to: cursor === null || until < cursor ? until : cursor,
  };
}

/** Where the ids of one combination stand: in an index of `mistakes`, or in the table that triggers keep. */
function combination(projectId: string, { narrow }: MistakeFilter, { from, to }: IdRange): SQL {
  const facets = sql`project_id = ${projectId} AND state = states.value AND source = sources.value AND kind = kinds.value`;
  const range = (id: SQL): SQL => sql`${id} >= ${from} AND ${id} < ${to}`;
  if (narrow?.by === "category") {
    return sql`SELECT mistake_id AS id FROM mistake_categories WHERE ${facets} AND category = ${narrow.value} AND ${range(sql`mistake_id`)}`;
  }
  const column = narrow?.by === "key" ? mistakes.keyId : mistakes.policyVersion;
  const alone = narrow === undefined ? sql`` : sql` AND ${column} = ${narrow.value}`;
  return sql`SELECT id FROM ${mistakes} WHERE ${facets}${alone} AND ${range(sql`id`)}`;
}

/** `value` alone where one is asked for, else every one there is: as a parameter for json_each. */
function choices(value: string | undefined, all: readonly string[]): string {
  return JSON.stringify(value === undefined ? all : [value]);
}

/**
 * Of a cluster or a quarantine: its index has no more than the ids, since both are small beside the store (a cluster has its caps),
 * so that what does not fit is passed over.
 */
function fewIds(
  projectId: string,
  { state, source, kind }: MistakeFilter,
  { by, value }: { readonly by: "cluster" | "quarantine"; readonly value: string },
  { from, to }: IdRange,
  limit: number,
): SQL {
  const column = { cluster: mistakes.clusterId, quarantine: mistakes.quarantine }[by];
  // The condition of its partial index, word by word.
  const named = sql`${sql.raw(column.name)} = ${value} AND ${sql.raw(column.name)} IS NOT NULL`;
  const facets = and(
    state === undefined ? undefined : eq(mistakes.state, state),
    source === undefined ? undefined : eq(mistakes.source, source),
    kind === undefined ? undefined : eq(mistakes.kind, kind),
  );
  return sql`SELECT id FROM ${mistakes} WHERE project_id = ${projectId} AND ${named} AND id >= ${from} AND id < ${to} AND ${facets ?? sql`true`} ORDER BY id DESC LIMIT ${limit}`;
}

/** A query of the newest ids in `range`, at most `limit`. */
export function filteredIds(projectId: string, filter: MistakeFilter, range: IdRange, limit: number): SQL {
  const { state, source, kind, narrow } = filter;
  if (narrow?.by === "cluster" || narrow?.by === "quarantine") return fewIds(projectId, filter, narrow, range, limit);
  if (state === undefined && source === undefined && kind === undefined && narrow === undefined) {
    const { from, to } = range;
    return sql`SELECT id FROM ${mistakes} WHERE project_id = ${projectId} AND id >= ${from} AND id < ${to} ORDER BY id DESC LIMIT ${limit}`;
  }
  const newest = sql`SELECT json_group_array(id) FROM (${combination(projectId, filter, range)} ORDER BY id DESC LIMIT ${limit})`;
  // CROSS JOIN keeps the order of loops as written (sqlite.org/optoverview.html, «Manual Control of Query Plans»).
  return sql`SELECT found.value FROM json_each(${choices(state, MISTAKE_STATES)}) AS states
    CROSS JOIN json_each(${choices(source, MISTAKE_SOURCES)}) AS sources
    CROSS JOIN json_each(${choices(kind, MISTAKE_KINDS)}) AS kinds
    CROSS JOIN json_each((${newest})) AS found ORDER BY found.value DESC LIMIT ${limit}`;
}
