// A text as a rule reads it, with the way back to the text as it was sent.
// Law: whatever a view changes, `origin` names the code units of the original that the match came from.

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface TextView {
  readonly text: string;
  /** `joined`: single letters that stood apart, written together without any word boundary */
  readonly kind: "folded" | "joined";
  /** UTF-16 offsets in the original of [start, end) in `text` */
  origin(start: number, end: number): Range;
}

/** A view whose every code unit stands for the one at the same place of the original. */
export function alignedView(text: string): TextView {
  return { text, kind: "folded", origin: (start, end) => ({ start, end }) };
}
