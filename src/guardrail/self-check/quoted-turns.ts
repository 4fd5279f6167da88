// Cuts what the judge is shown into bounded pieces. Law: the end counts most, so it is kept; no piece splits a character in
// two, and pieces overlap, so that what stands across a cut is seen whole once.
import type { ExchangeText, Role } from "../exchange.ts";

/** What one role said without another one between. */
export interface QuotedTurn {
  readonly role: Role;
  readonly text: string;
}

export interface Piece {
  readonly turns: readonly QuotedTurn[];
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

export function lengthOf(turns: readonly QuotedTurn[]): number {
  return turns.reduce((sum, { text }) => sum + text.length, 0);
}

/** [start, end) in UTF-16 units of all turns one behind the other. */
function portion(turns: readonly QuotedTurn[], start: number, end: number): Piece {
  const shown: QuotedTurn[] = [];
  let before = 0;
  for (const { role, text } of turns) {
    const [from, to] = [Math.max(0, start - before), Math.min(text.length, end - before)];
    if (from < to) shown.push({ role, text: wholeCharacters(text, from, to) });
    before += text.length;
  }
  return { turns: shown, isCut: start > 0 };
}

/** A pair that a cut would split belongs to both sides. */
function wholeCharacters(text: string, from: number, to: number): string {
  const isSplit = (place: number): boolean =>
    place > 0 && place < text.length && (text.codePointAt(place - 1) ?? 0) > 0xffff;
  return text.slice(isSplit(from) ? from - 1 : from, isSplit(to) ? to + 1 : to);
}

/** The last `most` units. */
export function endOf(turns: readonly QuotedTurn[], most: number): Piece {
  const length = lengthOf(turns);
  return portion(turns, Math.max(0, length - most), length);
}

/** Pieces of `most` units from the end backwards, `overlap` of them in the next one too; at most `count`. */
export function piecesOf(
  turns: readonly QuotedTurn[],
  { most, overlap, count }: { readonly most: number; readonly overlap: number; readonly count: number },
): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = lengthOf(turns);
  while (end > 0 && pieces.length < count) {
    const start = Math.max(0, end - most);
    pieces.push(portion(turns, start, end));
    end = start === 0 ? 0 : start + overlap;
  }
  return pieces;
}
