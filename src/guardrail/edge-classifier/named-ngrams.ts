// The n-grams of a text with their own letters, for whoever explains a score. Law: pure and linear; the hashes are TextFeatures'
// own, in its order, so that what is named is what was weighed.
import { EXPANDS, expansion, foldedUnit, isIdeographic, SEPARATOR, VANISHES } from "./fold.ts";
import { TextFeatures } from "./text-features.ts";

export interface NamedNgram {
  readonly hash: number;
  /** the number of its word in the text */
  readonly word: number;
  /** folded letters; character n-grams have `·` where a word begins or ends */
  readonly text: string;
}

const EDGE = "·";
const SHORTEST = 3;

/** The folded units of a text, separators as spaces: folding them again changes nothing. */
function* foldedUnits(text: string): Generator<string, void, undefined> {
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? SEPARATOR;
    const unit = foldedUnit(codePoint);
    if (unit === VANISHES) continue;
    if (unit === EXPANDS) yield* expansion(codePoint);
    else yield String.fromCodePoint(unit);
  }
}

export function namedNgrams(text: string): readonly NamedNgram[] {
  const named: NamedNgram[] = [];
  let emitted: { readonly hash: number; readonly word: number }[] = [];
  const features = new TextFeatures({ add: (hash, word) => emitted.push({ hash, word }) });
  const words: string[] = [];
  let letters = "";

  const take = (names: readonly string[]): void => {
    for (const [place, { hash, word }] of emitted.entries()) named.push({ hash, word, text: names[place] ?? "" });
    emitted = [];
  };
  /** The 3-, 4- and 5-grams that end in the last unit of « word ». */
  const characters = (run: string): string[] =>
    [SHORTEST, SHORTEST + 1, SHORTEST + 2].filter((length) => run.length >= length).map((length) => run.slice(-length));
  const phrases = (word: string): string[] => {
    words.push(word);
    return [1, 2, 3].map((count) => words.slice(-count).join(" "));
  };

  for (const unit of [...foldedUnits(text), " "]) {
    const code = unit.codePointAt(0) ?? SEPARATOR;
    features.push(unit);
    if (code !== SEPARATOR && !isIdeographic(code)) {
      letters += unit;
      take(characters(`${EDGE}${letters}`));
      continue;
    }
    const closed = letters === "" ? [] : [...characters(`${EDGE}${letters}${EDGE}`), ...phrases(letters)];
    letters = "";
    take([...closed, ...(code === SEPARATOR ? [] : phrases(unit))]);
  }
  return named;
}
