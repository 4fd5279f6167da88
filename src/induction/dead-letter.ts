// What could not be processed, kept as objects until `npm run replay` puts it back. Law: nothing of a letter is lost: where a
// spooled object could not be read it stands here as it was.
import { z } from "zod";

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

/** null for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}

/** The message that a kept letter holds. */
export function letterBody(text: string): unknown {
  const value = parseJson(text);
  const letter = letterSchema.safeParse(value);
  return letter.success ? letter.data.body : value;
}
