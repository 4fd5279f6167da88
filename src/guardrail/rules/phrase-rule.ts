// What a rule over folded text is written in, and how it becomes expressions.
// Law: in a source a blank stands for the gap between two words, and every repetition is bounded, so matching is linear.

/** Sources, and a cheap sign that lies within each of their matches: they are tried only around it. */
export type Phrases = {
  /** expressions over folded text: lower case, no marks; a blank is a gap */
  readonly sources: readonly string[];
} & (
  | {
      /** beginnings of words, «|» between them, each with three Latin letters first; `after` must stand before them */
      readonly words: string;
      readonly after?: string;
    }
  | {
      /** an expression for what is no Latin word */
      readonly signs: string;
    }
);

export interface PhraseRule {
  readonly id: string;
  /** one sentence for the operator */
  readonly message: string;
  readonly phrases: readonly Phrases[];
}

const GAP = "(?:[\\s*_~\"',:;>#()\\[\\]-]{1,8})";
const NONSPACING_MARKS = /\p{Mn}/gu;

/** The text lost its marks when it was folded, so the source loses them too (й, ё). */
function folded(source: string): string {
  return source.normalize("NFKD").replace(NONSPACING_MARKS, "").normalize("NFC");
}

export function withGaps(source: string, flags: "" | "y" = ""): RegExp {
  return new RegExp(folded(source).replaceAll(" ", GAP), flags);
}

/** For letters that were joined: no gaps and no word boundaries are left there. */
export function withoutGaps(source: string): RegExp {
  return new RegExp(folded(source).replaceAll(" ", "").replaceAll("\\b", ""));
}
