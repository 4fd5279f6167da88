// Letters that stand apart («i g n o r e», «i.g.n.o.r.e»), written together. Law: holds such runs only, a newline between
// two of them; the rest of the text is the folded view's business; scanned by hand, since an expression that takes in a run
// of millions of letters overflows its stack.
import type { Range, TextView } from "./text-view.ts";
import { ViewBuilder } from "./view-builder.ts";

const MOST_SEPARATORS = 4;
/** fewer stand apart in ordinary texts too («a b c», «i. e. a») */
const FEWEST_LETTERS = 4;

const LETTER = 1;
const SEPARATOR = 2;
const ASCII_KINDS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z0-9]/.test(character)) return LETTER;
  return /[ ._*|/,\-\n]/.test(character) ? SEPARATOR : 0;
});

function kindOf(code: number): number {
  if (code < 0x80) return ASCII_KINDS[code] ?? 0;
  return code >= 0x4e00 && code <= 0x9fff ? LETTER : 0;
}

function isLetter(code: number): boolean {
  return kindOf(code) === LETTER;
}

/** What every run has in it. An expression passes over a text sooner than a loop does; this one takes in a few units at most. */
const FOUR_APART = new RegExp(Array(FEWEST_LETTERS).fill("[a-z0-9\\u4e00-\\u9fff]").join("[ ._*|/,\\-\\n]{1,4}"));

/** Runs of four or more single letters, up to four separators between two. */
function runsOf(text: string): Range[] {
  const runs: Range[] = [];
  let start = 0;
  let end = 0;
  let letters = 0;
  let lettersBefore = 0;
  let separatorsBefore = MOST_SEPARATORS + 1;
  // One step further than the text, so that its last letter ends too.
  for (let place = 0; place <= text.length; place += 1) {
    const kind = place < text.length ? kindOf(text.charCodeAt(place)) : 0;
    if (kind === LETTER) {
      lettersBefore += 1;
      continue;
    }
    if (lettersBefore > 0) {
      if (lettersBefore === 1 && letters > 0 && separatorsBefore <= MOST_SEPARATORS) {
        end = place;
        letters += 1;
      } else {
        if (letters >= FEWEST_LETTERS) runs.push({ start, end });
        start = place - 1;
        end = place;
        letters = lettersBefore === 1 ? 1 : 0;
      }
      separatorsBefore = 0;
      lettersBefore = 0;
    }
    separatorsBefore = kind === SEPARATOR ? separatorsBefore + 1 : MOST_SEPARATORS + 1;
  }
  if (letters >= FEWEST_LETTERS) runs.push({ start, end });
  return runs;
}

/**
 * The letters that stand apart at the end of a view, however few, and what may be the first letter of such a run; for a
 * text of which more may come.
 */
export function joinedEndView(view: TextView): TextView | null {
  const { text } = view;
  const places: number[] = [];
  let place = text.length - 1;
  for (;;) {
    let separators = 0;
    while (place >= 0 && separators <= MOST_SEPARATORS && kindOf(text.charCodeAt(place)) === SEPARATOR) {
      separators += 1;
      place -= 1;
    }
    if (separators > MOST_SEPARATORS || (separators === 0 && places.length > 0)) break;
    if (place < 0 || !isLetter(text.charCodeAt(place)) || isLetter(text.charCodeAt(place - 1))) break;
    places.push(place);
    place -= 1;
  }
  if (places.length === 0) return null;
  const builder = new ViewBuilder();
  for (const at of places.reverse()) {
    const { start, end } = view.origin(at, at + 1);
    builder.unit(text.charCodeAt(at), start, end);
  }
  return builder.view("joined");
}

export function joinedLettersView(view: TextView): TextView | null {
  if (!FOUR_APART.test(view.text)) return null;
  let builder: ViewBuilder | null = null;
  for (const run of runsOf(view.text)) {
    if (builder !== null) {
      const { start } = view.origin(run.start, run.start + 1);
      builder.unit(0x0a, start, start);
    }
    builder ??= new ViewBuilder();
    for (let place = run.start; place < run.end; place += 1) {
      const code = view.text.charCodeAt(place);
      if (!isLetter(code)) continue;
      const { start, end } = view.origin(place, place + 1);
      builder.unit(code, start, end);
    }
  }
  return builder?.view("joined") ?? null;
}
