// Keeps out of an insert what an erasure covers. Law: asked within the statement that inserts, so that nothing slips in between.
import { sql, type SQL } from "drizzle-orm";
import { erasedEndUsers } from "../../db/privacy-tables.ts";
import { givenField } from "./given-field.ts";

/** For `insertRows`: its row of JSON is called `value`. */
export const NOT_ERASED: SQL = sql`NOT EXISTS (SELECT 1 FROM ${erasedEndUsers} WHERE ${erasedEndUsers.projectId} = ${givenField("projectId")} AND ${erasedEndUsers.endUser} = ${givenField("endUser")} AND ${erasedEndUsers.capturedUntil} >= ${givenField("createdAt")})`;
