// Delimiters that a judged text can't know. Law: one stands in none of the texts it delimits.
import { hex } from "../../lib/hash.ts";
import type { RandomBytes } from "../../lib/ids.ts";

const TOKEN_BYTES = 8;
/** A text can't know 64 random bits; only a broken source of chance fails so often. */
const MOST_DRAWS = 8;

export function drawToken(texts: readonly string[], randomBytes: RandomBytes): string {
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    const token = hex(randomBytes(TOKEN_BYTES));
    if (texts.every((text) => !text.toLowerCase().includes(token))) return token;
  }
  throw new Error("no delimiter could be drawn that stands in no text");
}
