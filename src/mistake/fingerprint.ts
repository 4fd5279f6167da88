// What a mistake is known by: a hash of the exchange as it reads, and a sketch of its last turn. Law: how a text is written (case, width,
// invisible characters, blanks) changes neither; another kind, source or correction makes it another mistake.
import { foldText } from "../guardrail/normalise/fold.ts";
import { sha256 } from "../lib/hash.ts";
import { answerText, lastUserText, promptText } from "./exchange-text.ts";
import { sketchOf } from "./min-hash.ts";
import type { Mistake, StoredExchange } from "./mistake.ts";

export interface Fingerprint {
  /** half of a SHA-256: nobody can make a mistake that another one is then taken for */
  readonly contentHash: string;
  readonly sketch: string;
}

const HASH_DIGITS = 32;

/** Whatever is more or other than one space: most blanks are one, and need no replacing. */
const BLANKS = /[^\S ]\s*| \s+/g;

function asRead(text: string): string {
  return foldText(text).text.replace(BLANKS, " ").trim();
}

/** The system prompt is in neither: it is the same for all of a client's mistakes, and would make them all alike. */
export async function fingerprintOf(
  { kind, source, correction }: Pick<Mistake, "kind" | "source" | "correction">,
  exchange: StoredExchange,
): Promise<Fingerprint> {
  const answer = asRead(answerText(exchange.answer));
  const told = correction === null ? null : asRead(correction);
  const content = JSON.stringify([kind, source, told, asRead(promptText(exchange.messages)), answer]);
  return {
    contentHash: (await sha256(content)).slice(0, HASH_DIGITS),
    // The last turn alone: what was said before is common to every mistake of a long conversation.
    sketch: sketchOf(`${asRead(lastUserText(exchange.messages))}\n${answer}`),
  };
}
