// The forms in which a model gives a secret away: as it is, in another case, written together, letter by letter, backwards,
// in base64. Law: compared word by word, so that a short secret is not found inside an ordinary word.
import type { ExchangeText } from "./exchange.ts";
import { foldText } from "./normalise/fold.ts";
import type { Range } from "./normalise/text-view.ts";
import { viewsOfText } from "./normalise/views.ts";
import { isFirm, openPhraseFrom } from "./partial-views.ts";
import { PhraseBook } from "./phrase-book.ts";

const SHORTEST_REVERSED_UNITS = 5;
const SHORTEST_ENCODED_UNITS = 5;
/** Fewer characters of base64 end ordinary words too, and say next to nothing. */
const FEWEST_OPEN_UNITS = 4;

export interface FoundSecret extends Range {
  readonly secret: string;
}

function reversed(text: string): string {
  return Array.from(text).reverse().join("");
}

function formsOf(secret: string): string[] {
  const parts = foldText(secret).text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const together = parts.join("");
  if (together === "") return [];
  const forms = [parts.join(" "), together];
  if (together.length >= SHORTEST_REVERSED_UNITS) {
    forms.push(reversed(together), parts.map(reversed).reverse().join(" "));
  }
  return [...new Set(forms)];
}

interface EncodedForm {
  readonly secret: string;
  readonly characters: string;
}

/** Base64 of the secret alone; it may be too short for a view, where longer texts are decoded whatever they say. */
function base64Forms(secret: string): EncodedForm[] {
  const spellings = new Set([secret, secret.toLowerCase(), secret.toUpperCase()]);
  return Array.from(spellings, (spelling) => {
    const bytes = new TextEncoder().encode(spelling);
    const characters = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
    // The last character of an open group changes with what follows it.
    return { secret, characters: bytes.length % 3 === 0 ? characters : characters.slice(0, -1) };
  }).filter(({ characters }) => characters.length >= SHORTEST_ENCODED_UNITS);
}

export class SecretBook {
  readonly #forms: PhraseBook<string>;
  readonly #encoded: readonly EncodedForm[];
  readonly isEmpty: boolean;

  constructor(secrets: readonly string[]) {
    this.#forms = new PhraseBook(
      secrets.flatMap((secret) => formsOf(secret).map((phrase) => ({ of: secret, phrase }))),
    );
    this.#encoded = secrets.flatMap(base64Forms);
    this.isEmpty = secrets.length === 0;
  }

  /** Every place of each secret in each view of the text. */
  *find(exchangeText: ExchangeText): Generator<FoundSecret, void, undefined> {
    if (this.isEmpty) return;
    for (const view of viewsOfText(exchangeText)) {
      for (const { of, start, end } of this.#forms.find(view)) yield { secret: of, ...view.origin(start, end) };
    }
    yield* this.#findEncoded(exchangeText.text);
  }

  /** The same in a piece of which more may come, without what the next characters can undo. */
  *findFirm(piece: ExchangeText): Generator<FoundSecret, void, undefined> {
    if (this.isEmpty) return;
    for (const view of viewsOfText(piece)) {
      for (const { of, ...hit } of this.#forms.find(view)) {
        if (isFirm(view, hit, piece)) yield { secret: of, ...view.origin(hit.start, hit.end) };
      }
    }
    yield* this.#findEncoded(piece.text);
  }

  /** The unit of a piece from which on a secret may have begun whose rest has not come; its length if none has. */
  openFrom(piece: ExchangeText): number {
    if (this.isEmpty) return piece.text.length;
    return Math.min(openPhraseFrom(this.#forms, piece), this.#openEncodedFrom(piece.text));
  }

  *#findEncoded(text: string): Generator<FoundSecret, void, undefined> {
    for (const { secret, characters } of this.#encoded) {
      for (let start = text.indexOf(characters); start >= 0; start = text.indexOf(characters, start + 1)) {
        yield { secret, start, end: start + characters.length };
      }
    }
  }

  #openEncodedFrom(text: string): number {
    let from = text.length;
    for (const { characters } of this.#encoded) {
      const longest = Math.min(characters.length - 1, text.length);
      for (let units = longest; units >= FEWEST_OPEN_UNITS; units -= 1) {
        if (text.length - units < from && text.endsWith(characters.slice(0, units))) from = text.length - units;
      }
    }
    return from;
  }
}
