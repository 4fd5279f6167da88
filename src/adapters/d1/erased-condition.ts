// Keeps out of an insert what an erasure covers. Law: asked within the statement that inserts, so that nothing slips in between.
import { sql, type SQL } from "drizzle-orm";
import { erasedEndUsers } from "../../db/privacy-tables.ts";

/** For `insertRows`: its row of JSON is called `value`. */
export const NOT_ERASED: SQL = sql`NOT EXISTS (SELECT 1 FROM ${erasedEndUsers} WHERE ${erasedEndUsers.projectId} = json_extract(value, '$.projectId') AND ${erasedEndUsers.endUser} = json_extract(value, '$.endUser') AND ${erasedEndUsers.capturedUntil} >= json_extract(value, '$.createdAt'))`;
