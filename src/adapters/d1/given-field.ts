// A field of the row of JSON that a statement was given, which is called `value` there (json-parameter.ts).
import { sql, type SQL } from "drizzle-orm";

export function givenField(name: string): SQL {
  return sql`json_extract(value, ${sql.raw(`'$.${name}'`)})`;
}
