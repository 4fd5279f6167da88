// All techniques, by their ids. Law: an id is never given to another technique, since mistakes and rates are known by it.
import { CONVERSATION_TECHNIQUES } from "./conversation-techniques.ts";
import { ENCODED_TECHNIQUES } from "./encoded-techniques.ts";
import { INSTRUCTED_TECHNIQUES } from "./instructed-techniques.ts";
import { STRUCTURED_TECHNIQUES } from "./structured-techniques.ts";
import type { Technique } from "./technique.ts";

export const TECHNIQUES: readonly Technique[] = [
  ...INSTRUCTED_TECHNIQUES,
  ...STRUCTURED_TECHNIQUES,
  ...ENCODED_TECHNIQUES,
  ...CONVERSATION_TECHNIQUES,
];

const BY_ID: ReadonlyMap<string, Technique> = new Map(TECHNIQUES.map((technique) => [technique.id, technique]));

export const TECHNIQUE_IDS: readonly string[] = [...BY_ID.keys()];

export function techniqueOf(id: string): Technique | null {
  return BY_ID.get(id) ?? null;
}
