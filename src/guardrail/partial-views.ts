// The views of a piece of a text of which more may come, as they would be if letters followed.
// Law: shared by all guardrails that glimpse at a piece; what stands in base64 is not read before its run has ended.
import type { ExchangeText } from "./exchange.ts";
import { KnownByText } from "./known-by-text.ts";
import { joinedEndView } from "./normalise/joined-letters.ts";
import { leetspeakViews } from "./normalise/leetspeak.ts";
import type { Range, TextView } from "./normalise/text-view.ts";
import { viewsOf, viewsOfText, viewsWithCaseOfText } from "./normalise/views.ts";
import { cutCharacterFrom, encodedRunFrom } from "./partial-end.ts";
import { isCharacterwise } from "./words.ts";

export interface PartialViews {
  /** those that reach the end of the piece */
  readonly views: readonly TextView[];
  /** letters that stand apart at the end, written together, however few */
  readonly joined: readonly TextView[];
  /** from here on base64 or an escape may go on; the piece's length if neither does */
  readonly encodedFrom: number;
}

interface Phrases {
  openFrom(view: TextView): number;
}

/** What a view leaves out. */
const INVISIBLE = /^(?:(?!\s)[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Mn}])*$/u;
const LONGEST_WORD_UNITS = 64;
/** Two letters behind a digit make it leetspeak wherever it stands; one decides about look-alikes. */
const LETTERS = "xx";

/** Whether nothing follows that a guardrail would read: then the next character may belong to what stands before. */
export function isAtEnd(text: string, place: number): boolean {
  if (place >= text.length) return true;
  return text.length - place <= LONGEST_WORD_UNITS && INVISIBLE.test(text.slice(place));
}

/** A view of something decoded stands for all of it wherever one looks. */
function isDecoded(view: TextView): boolean {
  const { start, end } = view.origin(0, 0);
  return end > start;
}

function reachesEnd(view: TextView, text: string): boolean {
  return view.text.length > 0 && isAtEnd(text, view.origin(view.text.length - 1, view.text.length).end);
}

/** Digits that may be letters, and letters that may be look-alikes of others, in the last word. */
function changesWithNext(text: string): boolean {
  const last = Math.max(0, text.length - LONGEST_WORD_UNITS);
  for (let place = text.length - 1; place >= last; place -= 1) {
    const code = text.charCodeAt(place);
    if (code <= 0x20) return false;
    if ((code >= 0x30 && code <= 0x39) || code === 0x40 || code === 0x24) return true;
    if (code > 0x7e && !(code >= 0x3000 && code <= 0x9fff) && !(code >= 0xff00 && code <= 0xffef)) return true;
  }
  return false;
}

function withoutLetters(view: TextView): TextView[] {
  if (!view.text.endsWith(LETTERS)) return [];
  return [{ ...view, text: view.text.slice(0, -LETTERS.length) }];
}

function viewsAtEnd(piece: ExchangeText, text: string, keepCase: boolean): TextView[] {
  const isFolded = (view: TextView) => view.kind === "folded" && !isDecoded(view);
  const ofPiece = keepCase ? viewsWithCaseOfText : viewsOfText;
  const views = text === piece.text ? ofPiece(piece) : viewsOf(text, { keepCase });
  const here = views.filter((view) => isFolded(view) && reachesEnd(view, text));
  if (!changesWithNext(text)) return here;
  return [
    ...here,
    ...viewsOf(text + LETTERS, { keepCase })
      .filter(isFolded)
      .flatMap(withoutLetters),
  ];
}

function joinedAtEnd(views: readonly TextView[]): TextView[] {
  return views.flatMap((view) => {
    const joined = joinedEndView(view);
    if (joined === null) return [];
    const goingOn = { ...joined, text: joined.text + LETTERS };
    return [joined, ...leetspeakViews(goingOn).flatMap(withoutLetters)];
  });
}

function partialViews(piece: ExchangeText, keepCase: boolean): PartialViews {
  const cutFrom = cutCharacterFrom(piece.text);
  const text = piece.text.slice(0, cutFrom);
  const views = viewsAtEnd(piece, text, keepCase);
  const runFrom = encodedRunFrom(text);
  return {
    views,
    joined: keepCase ? [] : joinedAtEnd(views),
    encodedFrom: runFrom < text.length ? runFrom : cutFrom,
  };
}

/** Made when they are asked for. */
class KnownViews {
  readonly #piece: ExchangeText;
  #plain: PartialViews | null = null;
  #withCase: PartialViews | null = null;

  constructor(piece: ExchangeText) {
    this.#piece = piece;
  }

  get plain(): PartialViews {
    this.#plain ??= partialViews(this.#piece, false);
    return this.#plain;
  }

  get withCase(): PartialViews {
    this.#withCase ??= partialViews(this.#piece, true);
    return this.#withCase;
  }
}

const known = new KnownByText((piece: ExchangeText) => new KnownViews(piece));

export function partialViewsOf(piece: ExchangeText): PartialViews {
  return known.of(piece).plain;
}

/** For keys and tokens (see `ViewOptions.keepCase`). */
export function partialViewsWithCase(piece: ExchangeText): PartialViews {
  return known.of(piece).withCase;
}

/** The first unit of the piece that something open in a view stands for. */
export function openOrigin(view: TextView, from: number, piece: ExchangeText): number {
  return from < view.text.length ? view.origin(from, from + 1).start : piece.text.length;
}

/** The first unit of the piece from which on a phrase of a book may have begun; its length if none has. */
export function openPhraseFrom(book: Phrases, piece: ExchangeText): number {
  const { views, joined, encodedFrom } = partialViewsOf(piece);
  return [...views, ...joined].reduce(
    (from, view) => Math.min(from, openOrigin(view, book.openFrom(view), piece)),
    encodedFrom,
  );
}

/**
 * Whether the next characters can't undo a match: more of them stands behind it; or it does not look ahead; or it is one of
 * whole words and ends with a character that is a word by itself.
 */
export function isFirm(
  view: TextView,
  { start, end }: Range,
  piece: ExchangeText,
  { looksAhead = true }: { looksAhead?: boolean } = {},
): boolean {
  if (!isAtEnd(piece.text, view.origin(start, end).end)) return true;
  if (isDecoded(view)) return false;
  return !looksAhead || (view.kind === "folded" && isCharacterwise(view.text.charCodeAt(end - 1)));
}
