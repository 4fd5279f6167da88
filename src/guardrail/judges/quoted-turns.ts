// Cuts what the judge is shown into bounded pieces. Law: the end counts most, so it is kept; no piece splits a character in
// two, and pieces overlap, so that what stands across a cut is seen whole once.
import type { ExchangeText, Role } from "../exchange.ts";

/** What one role said without another one between. */
export interface QuotedTurn {
  readonly role: Role;
  readonly text: string;
}

/** What a judge is shown of a text. */
export type Shown<Text> = Text & {
  /** where in the text it begins, in UTF-16 units */
  readonly start: number;
};

export interface Piece<Text = QuotedTurn> {
  readonly turns: readonly Text[];
  /** whether something stands before it that it does not show */
  readonly isCut: boolean;
}

/** Texts of one role in a row are one turn, as a model reads them; blank ones say nothing. */
export function turnsOf(texts: readonly ExchangeText[]): readonly QuotedTurn[] {
  const runs: { role: Role; texts: string[] }[] = [];
  for (const { role, text } of texts) {
    if (text.trim() === "") continue;
    const last = runs.at(-1);
    if (last?.role === role) last.texts.push(text);
    else runs.push({ role, texts: [text] });
  }
  return runs.map((run) => ({ role: run.role, text: run.texts.join("\n").toWellFormed() }));
}

export function lengthOf(turns: readonly { readonly text: string }[]): number {
  return turns.reduce((sum, { text }) => sum + text.length, 0);
}

/** [start, end) in UTF-16 units of all turns one behind the other. */
function portion<Text extends { readonly text: string }>(
  turns: readonly Text[],
  start: number,
  end: number,
): Piece<Shown<Text>> {
  const shown: Shown<Text>[] = [];
  let before = 0;
  for (const turn of turns) {
    const { text } = turn;
    const [from, to] = [Math.max(0, start - before), Math.min(text.length, end - before)];
    if (from < to) shown.push({ ...turn, ...wholeCharacters(text, from, to) });
    before += text.length;
  }
  return { turns: shown, isCut: start > 0 };
}

/** A pair that a cut would split belongs to both sides. */
function wholeCharacters(text: string, from: number, to: number): { readonly text: string; readonly start: number } {
  const isSplit = (place: number): boolean =>
    place > 0 && place < text.length && (text.codePointAt(place - 1) ?? 0) > 0xffff;
  const start = isSplit(from) ? from - 1 : from;
  return { text: text.slice(start, isSplit(to) ? to + 1 : to), start };
}

/** The last `most` units. */
export function endOf<Text extends { readonly text: string }>(
  turns: readonly Text[],
  most: number,
): Piece<Shown<Text>> {
  const length = lengthOf(turns);
  return portion(turns, Math.max(0, length - most), length);
}

/** Pieces of `most` units from the end backwards, `overlap` of them in the next one too; at most `count`. */
export function piecesOf<Text extends { readonly text: string }>(
  turns: readonly Text[],
  { most, overlap, count }: { readonly most: number; readonly overlap: number; readonly count: number },
): readonly Piece<Shown<Text>>[] {
  const pieces: Piece<Shown<Text>>[] = [];
  let end = lengthOf(turns);
  while (end > 0 && pieces.length < count) {
    const start = Math.max(0, end - most);
    pieces.push(portion(turns, start, end));
    end = start === 0 ? 0 : start + overlap;
  }
  return pieces;
}
