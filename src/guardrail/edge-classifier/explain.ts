// Why the edge classifier gave its score: the n-grams that weighed most, as they are read. Law: pure, for a person who asks;
// the hot path never comes here. Contributions are those of the linear sum, in logits, and add up to the score with the bias.
import { expansion, EXPANDS, foldedUnit, isIdeographic, SEPARATOR, VANISHES } from "./fold.ts";
import { readTable, type Block, type EdgeWeights } from "./edge-weights.ts";
import type { Exchange } from "../exchange.ts";
import type { Side } from "../verdict.ts";
import { TextFeatures } from "./text-features.ts";
import { turnOf } from "./turn-in-work.ts";

export interface WeighedNgram {
  /** folded, as the classifier reads it; « » marks the edge of a word */
  readonly text: string;
  readonly block: Block;
  /** in logits; above 0 speaks for harm */
  readonly contribution: number;
}

interface NamedFeature {
  readonly text: string;
  readonly hash: number;
  readonly word: number;
}

function foldedText(text: string): string {
  return Array.from(text, (letter) => {
    const codePoint = letter.codePointAt(0) ?? SEPARATOR;
    const unit = foldedUnit(codePoint);
    if (unit === VANISHES) return "";
    return unit === EXPANDS ? expansion(codePoint) : String.fromCodePoint(unit);
  }).join("");
}

/** In the order of `TextFeatures`: characters of 3–5 that end here, then, where a word ends, words of 1–3. */
function namedFeatures(text: string): NamedFeature[] {
  const named: NamedFeature[] = [];
  let emitted: { hash: number; word: number }[] = [];
  const features = new TextFeatures({ add: (hash, word) => emitted.push({ hash, word }) });
  const words: string[] = [];
  let word = "";
  const name = (texts: readonly string[]): void => {
    for (const [place, one] of texts.entries()) {
      const feature = emitted[place];
      if (feature !== undefined) named.push({ ...feature, text: one });
    }
    emitted = emitted.slice(texts.length);
  };
  const endings = (spelt: string): string[] => {
    const padded = ` ${spelt}`;
    return [3, 4, 5].filter((units) => padded.length >= units).map((units) => padded.slice(-units));
  };
  const runs = (): string[] => [1, 2, 3].map((count) => words.slice(-count).join(" "));
  for (const letter of `${foldedText(text)} `) {
    features.push(letter);
    const isWord = isIdeographic(letter.codePointAt(0) ?? 0);
    if ((letter === " " || isWord) && word !== "") {
      name(endings(`${word} `));
      words.push(word);
      name(runs());
      word = "";
    }
    if (isWord) {
      words.push(letter);
      name(runs());
    } else if (letter !== " ") {
      word += letter;
      name(endings(word));
    }
  }
  return named;
}

function weighed(texts: readonly string[], weights: Int8Array, block: Block, scale: number, firstWords = Infinity) {
  const byBucket = new Map<number, string>();
  for (const { text, hash, word } of texts.flatMap(namedFeatures)) {
    const bucket = hash & (weights.length - 1);
    if (word < firstWords && !byBucket.has(bucket)) byBucket.set(bucket, text);
  }
  const norm = Math.sqrt(Math.max(1, byBucket.size));
  return [...byBucket].map(([bucket, text]): WeighedNgram => {
    return { text, block, contribution: (scale * (weights[bucket] ?? 0)) / norm };
  });
}

/** The `count` n-grams that moved the score most, either way; those of request and answer apart. */
export function explain(weights: EdgeWeights, exchange: Exchange, side: Side, count: number): WeighedNgram[] {
  const table = readTable(weights);
  const { scale, openingWords } = weights;
  const turn = turnOf(exchange.conversation);
  const answer = exchange.answer.map(({ text }) => text);
  const all =
    side === "input"
      ? weighed(turn, table.inputPrompt, "inputPrompt", scale.inputPrompt)
      : [
          ...weighed(turn, table.outputPrompt, "outputPrompt", scale.outputPrompt),
          ...weighed(answer, table.outputAnswer, "outputAnswer", scale.outputAnswer),
          ...weighed(answer, table.outputOpening, "outputOpening", scale.outputOpening, openingWords),
        ];
  return all.toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution)).slice(0, count);
}
