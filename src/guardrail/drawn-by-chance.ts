// Tells what a person or a machine drew by chance (a password, a key) from words, names of code and numbers at their ends.
// Law: what can be read as words is no secret: «rotated90days», «import.meta.env.VITE_KEY1»; one pass over a short text.

/** Letters of one case, the first perhaps a capital; digits; any other sign by itself. */
const PIECES = /[A-Z]?[a-z]{2,}|[A-Z]{2,}|[0-9]+|[^]/g;
const SHORTEST_WORD_UNITS = 3;
const VOWEL = /[aeiouy]/i;
/** No word of English has so many consonants in a row, but for «strengths» and its like. */
const UNPRONOUNCEABLE = /[^aeiouy]{5}/i;
const SEPARATOR = /^[-_./:]$/;
/** More digits in a row say no more: they are a year, a telephone, a number of an order. */
const MOST_DIGITS = 3;

// «change-me-please1» has 3 such signs, «getUserById1» 5; eight characters drawn from letters and digits have 6 and more.
const FEWEST_SIGNS = 6;
const LEAST_SHARE = 0.45;
// In a long value pieces of three and four letters look like words by chance.
const MANY_SIGNS = 8;
const LEAST_SHARE_OF_MANY = 0.3;

function isWord(piece: string): boolean {
  return piece.length >= SHORTEST_WORD_UNITS && VOWEL.test(piece) && !UNPRONOUNCEABLE.test(piece);
}

/** How many signs of a piece no word accounts for. */
function signsOf(piece: string): number {
  if (/^[0-9]/.test(piece)) return Math.min(piece.length, MOST_DIGITS);
  return isWord(piece) || SEPARATOR.test(piece) ? 0 : piece.length;
}

export function isDrawnByChance(value: string): boolean {
  const signs = (value.match(PIECES) ?? []).reduce((sum, piece) => sum + signsOf(piece), 0);
  const leastShare = signs >= MANY_SIGNS ? LEAST_SHARE_OF_MANY : LEAST_SHARE;
  return signs >= FEWEST_SIGNS && signs >= leastShare * value.length;
}
