// FNV-1a, 32 bit (draft-eastlake-fnv), over UTF-16 code units: a fast, stable order for texts. Not for secrets.

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

export function fnv1a(text: string, seed = ""): number {
  let hash = OFFSET_BASIS;
  for (const part of [seed, "\u0000", text]) {
    for (let index = 0; index < part.length; index += 1) {
      hash = Math.imul(hash ^ part.charCodeAt(index), PRIME);
    }
  }
  return hash >>> 0;
}
