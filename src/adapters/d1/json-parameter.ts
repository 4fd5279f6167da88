// Rows as one JSON parameter for `INSERT … SELECT FROM json_each(?)`: one statement a batch instead of one a row.
// Law: no parameter above 1 MB — D1 takes 2 MB, but its local simulator takes anything, so the limit is kept here.
import { sql, type SQL } from "drizzle-orm";

export const MAX_PARAMETER_BYTES = 1_000_000;

/** A UTF-16 unit is three bytes of UTF-8 at most. */
const MOST_BYTES_PER_UNIT = 3;

/** JSON arrays of at most `MAX_PARAMETER_BYTES` UTF-8 bytes each, in order. Throws if one row alone is larger. */
export function jsonParameters(rows: readonly object[]): readonly string[] {
  if (rows.length === 0) return [];
  const whole = JSON.stringify(rows);
  // What can't be too large needs no counting, and most batches can't.
  if (whole.length * MOST_BYTES_PER_UNIT <= MAX_PARAMETER_BYTES) return [whole];
  const isSmall = whole.length <= MAX_PARAMETER_BYTES && new TextEncoder().encode(whole).length <= MAX_PARAMETER_BYTES;
  return isSmall ? [whole] : countedParameters(rows);
}

function countedParameters(rows: readonly object[]): readonly string[] {
  const encoder = new TextEncoder();
  const parameters: string[] = [];
  let parts: string[] = [];
  // The bracket that opens; the one that closes is counted with the last row, as a comma with the others.
  let bytes = 1;
  for (const row of rows) {
    const part = JSON.stringify(row);
    const size = encoder.encode(part).byteLength + 1;
    if (size + 1 > MAX_PARAMETER_BYTES) throw new RangeError(`one row has ${size} bytes, above D1's parameter limit`);
    if (bytes + size > MAX_PARAMETER_BYTES) {
      parameters.push(`[${parts.join(",")}]`);
      parts = [];
      bytes = 1;
    }
    parts.push(part);
    bytes += size;
  }
  parameters.push(`[${parts.join(",")}]`);
  return parameters;
}

/**
 * For the start of a SELECT from `given`, a row each with its JSON as `value`. json_each makes the text of `value` anew for every
 * column that reads it; materialized, it is made once a row, and parsed once for neighbouring columns.
 */
export function givenRows(parameter: string): SQL {
  return sql`WITH given(value) AS MATERIALIZED (SELECT value FROM json_each(${parameter}))`;
}
