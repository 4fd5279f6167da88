// What could not be processed, kept as objects until `npm run replay` puts it back. Law: nothing of a letter is lost: where a
// spooled object could not be read it stands here as it was.
import { z } from "zod";
import { parseJson } from "../lib/parse-json.ts";

/** Where letters are kept; /health counts them. */
export const DEAD_LETTER_PREFIX = "dead-letters/";

export interface DeadLetter {
  readonly queue: string;
  readonly attempts: number;
  readonly died_at: number;
  readonly body: unknown;
}

const letterSchema = z.strictObject({
  queue: z.string(),
  attempts: z.number(),
  died_at: z.number(),
  body: z.unknown(),
});

/** When it died, in milliseconds since the Unix epoch; null where it doesn't say. */
export function letterTime(text: string): number | null {
  const letter = letterSchema.safeParse(parseJson(text));
  return letter.success ? letter.data.died_at : null;
}

/** The message that a kept letter holds. */
export function letterBody(text: string): unknown {
  const value = parseJson(text);
  const letter = letterSchema.safeParse(value);
  return letter.success ? letter.data.body : value;
}
