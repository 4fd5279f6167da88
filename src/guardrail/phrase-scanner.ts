// Finds the phrases of many rules in a text: one pass over the beginnings of words says where the sources are worth trying.
// Law: linear; windows around signs are merged, so no source tries a place twice.
import { type Phrases, type PhraseRule, withGaps, withoutGaps } from "./rules/phrase-rule.ts";
import { WordBeginnings } from "./word-beginnings.ts";

export interface PhraseMatch {
  readonly rule: PhraseRule;
  readonly start: number;
  readonly end: number;
}

interface Group {
  readonly rule: PhraseRule;
  readonly apart: readonly RegExp[];
  readonly joined: readonly RegExp[];
}

interface Window {
  start: number;
  end: number;
}

/** What lies near a match without being a Latin word: one expression for all, then each group's own at the place of the hit. */
interface Signs {
  readonly any: RegExp;
  readonly each: readonly { readonly group: Group; readonly sign: RegExp }[];
}

// No match of a source is longer: sources are bounded, and a test holds them to it.
const REACH_UNITS = 400;

const OTHER_LETTERS = /[^\x00-\x7f]/;

function together(phrases: readonly { group: Group; signs: string }[]): Signs | null {
  if (phrases.length === 0) return null;
  return {
    any: new RegExp(phrases.map(({ signs }) => withGaps(signs).source).join("|"), "g"),
    each: phrases.map(({ group, signs }) => ({ group, sign: withGaps(signs, "y") })),
  };
}

class Windows {
  readonly #byGroup = new Map<Group, Window[]>();
  readonly #textUnits: number;

  constructor(textUnits: number) {
    this.#textUnits = textUnits;
  }

  add(group: Group, place: number): void {
    const start = Math.max(0, place - REACH_UNITS);
    const end = Math.min(this.#textUnits, place + REACH_UNITS);
    const found = this.#byGroup.get(group);
    const last = found?.at(-1);
    if (found === undefined) this.#byGroup.set(group, [{ start, end }]);
    else if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else found.push({ start, end });
  }

  entries(): Iterable<[Group, Window[]]> {
    return this.#byGroup;
  }
}

function matchWithin(sources: readonly RegExp[], text: string, { start, end }: Window): Window | null {
  const slice = text.slice(start, end);
  for (const source of sources) {
    const match = source.exec(slice);
    // A match at the cut would take the cut for the beginning of the text.
    if (match !== null && !(start > 0 && match.index === 0)) {
      return { start: start + match.index, end: start + match.index + match[0].length };
    }
  }
  return null;
}

export class PhraseScanner {
  readonly #groups: readonly Group[];
  readonly #words: WordBeginnings<Group>;
  readonly #asciiSigns: Signs | null;
  readonly #otherSigns: Signs | null;

  constructor(rules: readonly PhraseRule[]) {
    const pairs = rules.flatMap((rule) => rule.phrases.map((phrases) => ({ group: groupOf(rule, phrases), phrases })));
    const signs = pairs.flatMap(({ group, phrases }) => ("signs" in phrases ? [{ group, signs: phrases.signs }] : []));
    this.#groups = pairs.map(({ group }) => group);
    this.#words = new WordBeginnings(
      pairs.flatMap(({ group, phrases }) => ("words" in phrases ? [{ of: group, ...phrases }] : [])),
    );
    this.#asciiSigns = together(signs.filter((sign) => !OTHER_LETTERS.test(sign.signs)));
    this.#otherSigns = together(signs.filter((sign) => OTHER_LETTERS.test(sign.signs)));
  }

  /** At most one match a rule. */
  scan(text: string): PhraseMatch[] {
    const windows = new Windows(text.length);
    this.#words.each(text, (group, place) => {
      windows.add(group, place);
    });
    this.#addSigns(this.#asciiSigns, text, windows);
    if (OTHER_LETTERS.test(text)) this.#addSigns(this.#otherSigns, text, windows);
    const found = new Map<PhraseRule, PhraseMatch>();
    for (const [{ rule, apart }, places] of windows.entries()) {
      for (const place of places) {
        if (found.has(rule)) break;
        const match = matchWithin(apart, text, place);
        if (match !== null) found.set(rule, { rule, ...match });
      }
    }
    return [...found.values()];
  }

  /** For letters that were joined: such texts are short, so every source is tried. */
  scanJoined(text: string): PhraseMatch[] {
    const found = new Map<PhraseRule, PhraseMatch>();
    for (const { rule, joined } of this.#groups) {
      if (found.has(rule)) continue;
      const match = matchWithin(joined, text, { start: 0, end: text.length });
      if (match !== null) found.set(rule, { rule, ...match });
    }
    return [...found.values()];
  }

  #addSigns(signs: Signs | null, text: string, windows: Windows): void {
    if (signs === null) return;
    signs.any.lastIndex = 0;
    for (let hit = signs.any.exec(text); hit !== null; hit = signs.any.exec(text)) {
      for (const { group, sign } of signs.each) {
        sign.lastIndex = hit.index;
        if (sign.test(text)) windows.add(group, hit.index);
      }
      // One step only: what is a sign for another group may begin inside this hit.
      signs.any.lastIndex = hit.index + 1;
    }
  }
}

function groupOf(rule: PhraseRule, { sources }: Phrases): Group {
  return {
    rule,
    apart: sources.map((source) => withGaps(source)),
    joined: sources.map((source) => withoutGaps(source)),
  };
}
