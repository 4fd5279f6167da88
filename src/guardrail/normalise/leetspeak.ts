// Leetspeak read back into letters («1gn0re» → «ignore»). Law: touches only words that mix letters and digits, and holds
// only their surroundings: the rest of the text is the folded view's business.
import type { TextView } from "./text-view.ts";
import { ViewBuilder } from "./view-builder.ts";

const LETTER_OF: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
};

// Substitutes between letters, or before two of them at the start of a word: «3rd», «5pm» and «$20» cost nothing or little.
const MIXED =
  /[01345789@$](?:(?<=[a-z].)[01345789@$]{0,8}[a-z]|(?<![a-z0-9].)[01345789@$]?(?!(?:rd|th|st|[ap]m|px|[ckm]?m|kg|g?hz|[gkmt]b|s)(?![a-z]))[a-z]{2})/g;
const SUBSTITUTES = /[01345789@$]+/g;

function isLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

/** A pattern's phrase may begin or end this far from the word in leetspeak. */
const SURROUNDINGS_UNITS = 300;

function decoded(text: string, one: string): string {
  return text.replace(SUBSTITUTES, (run, place: number) => {
    const isMixed = isLetter(text.charCodeAt(place - 1)) || isLetter(text.charCodeAt(place + run.length));
    if (!isMixed) return run;
    let letters = "";
    for (const digit of run) letters += digit === "1" ? one : (LETTER_OF[digit] ?? digit);
    return letters;
  });
}

function surroundings(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const { index } of text.matchAll(MIXED)) {
    const start = Math.max(0, index - SURROUNDINGS_UNITS);
    const end = Math.min(text.length, index + SURROUNDINGS_UNITS);
    const last = found.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else found.push({ start, end });
  }
  return found;
}

/** No view, one, or two: «1» may stand for «i» or for «l». */
export function leetspeakViews(view: TextView): TextView[] {
  const places = surroundings(view.text);
  if (places.length === 0) return [];
  const slices = places.map(({ start, end }) => ({ start, text: view.text.slice(start, end) }));
  const texts = slices.map(({ text }) => decoded(text, "i"));
  const views = [viewOf(view, slices, texts)];
  if (!slices.some(({ text }) => text.includes("1"))) return views;
  const others = slices.map(({ text }) => decoded(text, "l"));
  // A «1» among digits alone stays one, and the views would be the same.
  return others.every((text, place) => text === texts[place]) ? views : [...views, viewOf(view, slices, others)];
}

function viewOf(view: TextView, slices: readonly { readonly start: number }[], texts: readonly string[]): TextView {
  const builder = new ViewBuilder();
  for (const [place, { start }] of slices.entries()) {
    builder.unit(0x0a, start, start);
    builder.copy(texts[place] ?? "", start);
  }
  const near = builder.view(view.kind);
  return {
    text: near.text,
    kind: view.kind,
    origin: (start, end) => {
      const range = near.origin(start, end);
      return view.origin(range.start, range.end);
    },
  };
}
