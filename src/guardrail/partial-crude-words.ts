// A crude word that may have begun at the end of a text of which more may come. Law: like the expression that it is made from,
// it lets through too much; a word counts from its first letter, or from the third letter of what is crude within it.
import { partialExpression } from "./partial-expression.ts";
import type { ThreeLetters } from "./three-letters.ts";

const LONGEST_WORD_UNITS = 40;
const WORD_CHARACTER = /[a-z0-9@$!*]/;
/** «s» and «sh» stand within and at the end of ordinary words. */
const FEWEST_WITHIN = 3;

export class PartialCrudeWords {
  readonly #threeLetters: ThreeLetters;
  readonly #beginning: RegExp;

  /**
   * @param source the expression that finds what is crude
   * @param threeLetters with which it may begin
   */
  constructor(source: string, threeLetters: ThreeLetters) {
    const partial = partialExpression(source, "$");
    if (partial === null) throw new Error("The expression for crude words can't be read piece by piece.");
    this.#beginning = new RegExp(partial.source, "y");
    this.#threeLetters = threeLetters;
  }

  /** The first unit of a last word that may become crude; the text's length if none may. */
  openFrom(foldedText: string): number {
    const end = foldedText.length;
    let start = end;
    while (start > 0 && end - start < LONGEST_WORD_UNITS && WORD_CHARACTER.test(foldedText.charAt(start - 1))) {
      start -= 1;
    }
    for (let place = start; place < end; place += 1) {
      if (place > start && end - place < FEWEST_WITHIN) break;
      if (end - place >= FEWEST_WITHIN && !this.#threeLetters.has(foldedText, place)) continue;
      this.#beginning.lastIndex = place;
      if (this.#beginning.test(foldedText)) return start;
    }
    return end;
  }
}
