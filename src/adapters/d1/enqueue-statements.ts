// The statements that put mistakes into the review queue. Law: safe to repeat — the queue holds a mistake once, and a batch that
// comes again must not bring back what was decided meanwhile.
import { sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { clusters } from "../../db/cluster-tables.ts";
import { mistakes } from "../../db/mistake-tables.ts";
import { reviewQueue } from "../../db/review-tables.ts";
import type { ConditionalEntry } from "../../mistake/review-queue.ts";
import type { Database } from "./database.ts";
import { givenField } from "./given-field.ts";
import { givenRows, jsonParameters } from "./json-parameter.ts";
import { UNDECIDED } from "./review-conditions.ts";

/** Of what is in the store by then: after the mistakes themselves in one transaction. */
export function enqueueStatements(
  database: Database,
  entries: readonly ConditionalEntry[],
): readonly BatchItem<"sqlite">[] {
  const columns = ["mistakeId", "projectId", "priority", "reason", "enqueuedAt"].map(givenField);
  // By its table: json_each has a column `value` of its own.
  const quarantines = sql`json_extract(given.value, '$.quarantines')`;
  // json_each keeps the order of an array, so that of several entries of one mistake the first that holds is inserted, and the
  // others conflict with it.
  return jsonParameters(entries).map((parameter) =>
    database
      .insert(reviewQueue)
      .select(
        sql`${givenRows(parameter)} SELECT ${sql.join(columns, sql`, `)}, NULL, NULL, NULL, 0
            FROM given CROSS JOIN ${mistakes} AS m ON m.id = ${givenField("mistakeId")}
            WHERE ${UNDECIDED} AND (${quarantines} IS NULL OR m.quarantine IN (SELECT reason.value FROM json_each(${quarantines}) AS reason))
              AND (${givenField("clusterSizeFrom")} = 0 OR ${givenField("clusterSizeFrom")} <= (
                SELECT c.size FROM ${clusters} AS c WHERE c.id = m.cluster_id
              ))`,
      )
      .onConflictDoNothing(),
  );
}
