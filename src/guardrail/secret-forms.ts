// The forms in which a model gives a secret away: as it is, in another case, letter by letter, backwards, in base64.
// Law: compares folded text at word boundaries, so that a short secret is not found inside an ordinary word.
import { foldText } from "./normalise/fold.ts";
import type { Range } from "./normalise/text-view.ts";
import { viewsOf } from "./normalise/views.ts";

// Base64 of six bytes has eight characters.
const SHORTEST_BASE64_UNITS = 8;
const SHORTEST_REVERSED_UNITS = 5;
/** no shorter run of single letters is joined */
const SHORTEST_JOINED_UNITS = 4;
/** between the parts of one secret: «blue harbor 42» for BLUE-HARBOR-42 */
const BETWEEN_PARTS = "[^\\p{L}\\p{N}]{0,3}";
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function partsOf(secret: string): string[] {
  return foldText(secret).text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function reversed(text: string): string {
  return Array.from(text).reverse().join("");
}

/** One expression for all secrets; null if there is none. */
function expressionFor(secrets: readonly string[]): RegExp | null {
  const forms = secrets.flatMap((secret) => {
    const parts = partsOf(secret);
    if (parts.length === 0) return [];
    const backwards = parts.map(reversed).reverse();
    const all = parts.join("").length >= SHORTEST_REVERSED_UNITS ? [parts, backwards] : [parts];
    return all.map((some) => {
      const form = some.map(escaped).join(BETWEEN_PARTS);
      return HAN.test(form) ? form : `(?<![\\p{L}\\p{N}])${form}(?![\\p{L}\\p{N}])`;
    });
  });
  return forms.length === 0 ? null : new RegExp(forms.join("|"), "u");
}

/** Letters that were joined have no boundaries left. */
function joinedForms(secrets: readonly string[]): string[] {
  return secrets
    .map((secret) => partsOf(secret).join(""))
    .filter((form) => form.length >= SHORTEST_JOINED_UNITS)
    .flatMap((form) => [form, reversed(form)]);
}

export class SecretForms {
  readonly #expression: RegExp | null;
  readonly #joined: readonly string[];

  constructor(secrets: readonly string[]) {
    this.#expression = expressionFor(secrets);
    this.#joined = joinedForms(secrets);
  }

  /** The first place in `text` that has one of the secrets in any form. */
  find(text: string): Range | null {
    if (this.#expression === null) return null;
    for (const view of viewsOf(text, { minimumBase64Units: SHORTEST_BASE64_UNITS })) {
      const match = view.kind === "joined" ? this.#findJoined(view.text) : this.#findApart(view.text);
      if (match !== null) return view.origin(match.start, match.end);
    }
    return null;
  }

  #findApart(text: string): Range | null {
    const match = this.#expression?.exec(text);
    return match ? { start: match.index, end: match.index + match[0].length } : null;
  }

  #findJoined(text: string): Range | null {
    for (const form of this.#joined) {
      const start = text.indexOf(form);
      if (start >= 0) return { start, end: start + form.length };
    }
    return null;
  }
}
