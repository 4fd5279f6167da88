// How one answer is called wherever feedback meets it: by what the ids of its mistake and of its kept exchange end with.
// Law: two requests at once name the same mistake, so that it is stored once.
import { sha256 } from "../lib/hash.ts";
import { idFloor, type IdPrefix } from "../lib/ids.ts";
import type { StoredExchange } from "./mistake.ts";

/** What lib/ids draws by chance: 80 bits in base 36. */
export const SUBJECT_CHARACTERS = 16;
const HEX_DIGITS = 20;

export function subjectOf(id: string): string {
  return id.slice(-SUBJECT_CHARACTERS);
}

async function subjectOfText(text: string): Promise<string> {
  const digest = await sha256(text);
  const digits = BigInt(`0x${digest.slice(0, HEX_DIGITS)}`).toString(36);
  return digits.padStart(SUBJECT_CHARACTERS, "0");
}

/** Of an exchange that came with the feedback, as it is stored: redacted. */
export async function subjectOfExchange({ messages, answer }: StoredExchange): Promise<string> {
  return await subjectOfText(JSON.stringify([messages, answer]));
}

/** The over-refusal in a mistake whose answer was withheld is a mistake of its own. */
export async function overRefusalSubject(subject: string): Promise<string> {
  return await subjectOfText(`over_refusal ${subject}`);
}

/** An id with the time of another one, so that it sorts beside it. */
export function siblingId(prefix: IdPrefix, id: string, subject: string): string {
  return `${prefix}_${id.slice(id.indexOf("_") + 1, -SUBJECT_CHARACTERS)}${subject}`;
}

export function subjectId(prefix: IdPrefix, milliseconds: number, subject: string): string {
  return `${idFloor(prefix, milliseconds)}${subject}`;
}
