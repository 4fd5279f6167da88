// A crude word that may have begun at the end of a text of which more may come. Law: like the expression that it is made from,
// it lets through too much; a word counts from its first letter, or from the third letter of what is crude within it.
import { partialExpression } from "./partial-expression.ts";

const LAST_WORD = /[a-z0-9@$!*]{1,40}$/;
/** «s» and «sh» stand within and at the end of ordinary words. */
const FEWEST_WITHIN = 3;

export class PartialCrudeWords {
  readonly #beginning: RegExp;

  /** @param source the expression that finds what is crude */
  constructor(source: string) {
    const partial = partialExpression(source, "$");
    if (partial === null) throw new Error("The expression for crude words can't be read piece by piece.");
    this.#beginning = new RegExp(partial.source, "y");
  }

  /** The first unit of a last word that may become crude; the text's length if none may. */
  openFrom(foldedText: string): number {
    const word = LAST_WORD.exec(foldedText.slice(-64))?.[0] ?? "";
    const start = foldedText.length - word.length;
    for (let place = start; place < foldedText.length; place += 1) {
      if (place > start && foldedText.length - place < FEWEST_WITHIN) break;
      this.#beginning.lastIndex = place;
      if (this.#beginning.test(foldedText)) return start;
    }
    return foldedText.length;
  }
}
