// Requests that differ by a word or two, or share a template, are one family. Law: pure; the order of the texts changes nothing.
import { normalisedPrompt } from "../../bench/data.ts";

/** Of the pairs of neighbouring words, those that both texts have (Broder 1997, resemblance); one word of ten changed is 0.64. */
export const LEAST_RESEMBLANCE = 0.5;

/** Pairs of neighbouring words; ideographs and kana are words of their own. */
export function wordPairs(text: string): ReadonlySet<string> {
  const spaced = normalisedPrompt(text).replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, " $& ");
  const words = spaced.split(" ").filter((word) => word !== "");
  return new Set(words.length < 2 ? words : words.slice(1).map((word, index) => `${words[index] ?? ""} ${word}`));
}

/** Finds the texts seen before that resemble a text. */
export class ResemblanceIndex {
  readonly #pairs: ReadonlySet<string>[] = [];
  readonly #textsWith = new Map<string, number[]>();

  #resemblances(pairs: ReadonlySet<string>): { readonly place: number; readonly resemblance: number }[] {
    const shared = new Map<number, number>();
    for (const pair of pairs) {
      for (const place of this.#textsWith.get(pair) ?? []) shared.set(place, (shared.get(place) ?? 0) + 1);
    }
    return [...shared].map(([place, count]) => {
      return { place, resemblance: count / (pairs.size + (this.#pairs[place]?.size ?? 0) - count) };
    });
  }

  /** places of the texts that resemble it */
  like(pairs: ReadonlySet<string>): number[] {
    return this.#resemblances(pairs).flatMap(({ place, resemblance }) =>
      resemblance >= LEAST_RESEMBLANCE ? [place] : [],
    );
  }

  /** how much the nearest text resembles it */
  nearest(pairs: ReadonlySet<string>): number {
    return this.#resemblances(pairs).reduce((most, { resemblance }) => Math.max(most, resemblance), 0);
  }

  add(pairs: ReadonlySet<string>): void {
    const place = this.#pairs.push(pairs) - 1;
    for (const pair of pairs) {
      const places = this.#textsWith.get(pair);
      if (places === undefined) this.#textsWith.set(pair, [place]);
      else places.push(place);
    }
  }
}

/** The first text in order of each text's family, by normalised text: whatever resembles one of a family is of it. */
export function wordingFamilies(texts: Iterable<string>): ReadonlyMap<string, string> {
  const distinct = [...new Set([...texts].map(normalisedPrompt))].sort();
  const parents = distinct.map((_, place) => place);
  const root = (place: number): number => {
    let [at, parent] = [place, parents[place] ?? place];
    while (parent !== at) [at, parent] = [parent, parents[parent] ?? parent];
    parents[place] = at;
    return at;
  };
  const index = new ResemblanceIndex();
  for (const [place, text] of distinct.entries()) {
    const pairs = wordPairs(text);
    for (const other of index.like(pairs)) {
      const [first, second] = [root(place), root(other)];
      parents[Math.max(first, second)] = Math.min(first, second);
    }
    index.add(pairs);
  }
  return new Map(distinct.map((text, place) => [text, distinct[root(place)] ?? text]));
}
