// Conditions that the review queue and the review store share. Law: every one is asked inside the statement that acts on it.
// The tables go by these names throughout: `m` mistakes, `q` review_queue, `r` reviews.
import { sql, type SQL } from "drizzle-orm";
import { reviews } from "../../db/mistake-tables.ts";
import type { ReviewFilter } from "../../mistake/review-queue.ts";
import type { Voice } from "../../mistake/review.ts";
import type { ReviewPolicy } from "../../policy/review-policy.ts";
import { among } from "./among.ts";

type Voices = ReviewPolicy["second"]["voices"];

export const UNDECIDED = sql`m.state IN ('captured', 'analysed') AND m.release_id IS NULL`;

/** Nothing confirms what is in quarantine but a person who looks at that one; a bulk that names the quarantine may dismiss it. */
export const OUT_OF_QUARANTINE = sql`m.quarantine IS NULL`;

/** What an undecided mistake is called: it may have been analysed since. Of a mistake under its table's own name. */
export const UNDECIDED_STATE = sql`CASE WHEN EXISTS (
  SELECT 1 FROM analyses WHERE analyses.project_id = mistakes.project_id AND analyses.mistake_id = mistakes.id
) THEN 'analysed' ELSE 'captured' END`;

export function matches({ source, kind, category, clusterId, keyId, quarantine }: ReviewFilter): SQL {
  const conditions = [
    ...(source === undefined ? [] : [sql`m.source = ${source}`]),
    ...(clusterId === undefined ? [] : [sql`m.cluster_id = ${clusterId}`]),
    ...(keyId === undefined ? [] : [sql`m.key_id = ${keyId}`]),
    ...(quarantine === undefined ? [] : [sql`m.quarantine = ${quarantine}`]),
    ...(kind === undefined ? [] : [sql`m.kind = ${kind}`]),
    ...(category === undefined
      ? []
      : [sql`EXISTS (SELECT 1 FROM json_each(m.categories) AS c WHERE c.value = ${category})`]),
  ];
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `);
}

/** What tells two voices apart, of a review `r`. */
function voiceOf(voices: Voices): SQL {
  return voices === "keys" ? sql`r.key_id` : sql`r.key_id || '/' || coalesce(r.reviewer, '')`;
}

/** How many voices stand for this, of the mistake with this id. */
export function countVoices(projectId: string, id: SQL, voices: Voices, decision: "confirm" | "dismiss"): SQL<number> {
  return sql<number>`(
    SELECT count(DISTINCT ${voiceOf(voices)}) FROM ${reviews} AS r
    WHERE r.project_id = ${projectId} AND r.mistake_id = ${id} AND r.standing = 1 AND r.decision = ${decision}
  )`;
}

/** The voice has decided on `m` already, in one of these ways. */
export function hasDecided(
  { keyId, reviewer }: Voice,
  voices: Voices,
  decisions: readonly ("confirm" | "dismiss")[],
): SQL {
  const sameName = voices === "keys" ? sql`true` : sql`r.reviewer IS ${reviewer}`;
  return sql`EXISTS (
    SELECT 1 FROM ${reviews} AS r
    WHERE r.project_id = m.project_id AND r.mistake_id = m.id AND r.standing = 1
      AND ${among(sql`r.decision`, decisions)}
      AND r.key_id = ${keyId} AND ${sameName}
  )`;
}
