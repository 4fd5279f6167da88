// Finds crude English words with `obscenity`, fast: one expression of the same patterns says where a look is worth it.
// Law: the expression only ever lets through too much; `obscenity`, with its list of harmless words, decides.
import {
  DataSet,
  englishDataset,
  englishRecommendedTransformers,
  type ParsedPattern,
  parseRawPattern,
  RegExpMatcher,
  SyntaxKind,
} from "obscenity";
import type { Range } from "./normalise/text-view.ts";
import { PartialCrudeWords } from "./partial-crude-words.ts";
import { Remembered } from "./remembered.ts";
import { ADDED_PATTERNS, HARMLESS_PARTS, REMOVED_ENTRIES } from "./rules/profanity.ts";
import { type Step, ThreeLetters } from "./three-letters.ts";

type Terms = ReturnType<DataSet<{ originalWord: string }>["build"]>;

const WORD_CHARACTER = /[a-z0-9@$!*]/;
const MAXIMUM_WORD_UNITS = 40;
/** «parse», which code is full of, is one of those that have to be looked at. */
const REMEMBERED_WORDS = 512;
/** V8 copies a slice of so few units; a longer one would keep the text in memory that it was cut from. */
const MOST_REMEMBERED_UNITS = 12;

function termsOf(): Terms {
  const words = new DataSet<{ originalWord: string }>()
    .addAll(englishDataset)
    .removePhrasesIf(({ metadata }) => REMOVED_ENTRIES.has(metadata?.originalWord ?? ""));
  for (const pattern of ADDED_PATTERNS) {
    words.addPhrase((phrase) => phrase.setMetadata({ originalWord: pattern }).addPattern(parseRawPattern(pattern)));
  }
  for (const part of HARMLESS_PARTS) {
    words.addPhrase((phrase) => phrase.setMetadata({ originalWord: part }).addWhitelistedTerm(part));
  }
  return words.build();
}

/** A letter may be repeated, since obscenity collapses repetitions; two equal letters are one repetition, so no choice is open. */
function literal(chars: readonly number[]): string {
  return chars.map((code, place) => (chars[place - 1] === code ? "" : `${String.fromCodePoint(code)}{1,8}`)).join("");
}

function sourceOf({ nodes }: ParsedPattern): string {
  return nodes
    .map((node) => {
      if (node.kind === SyntaxKind.Literal) return literal(node.chars);
      if (node.kind === SyntaxKind.Wildcard) return "\\S";
      return node.childNode.kind === SyntaxKind.Literal ? `(?:${literal(node.childNode.chars)})?` : "\\S?";
    })
    .join("");
}

type PatternNode = ParsedPattern["nodes"][number];

/** Every way to read the nodes, with what is optional and without it; the same as `sourceOf` matches. */
function waysOf(nodes: readonly PatternNode[]): Step[][] {
  return nodes.reduce<Step[][]>(
    (ways, node) => {
      const isOptional = node.kind === SyntaxKind.Optional;
      const steps = stepsOf(isOptional ? node.childNode : node);
      return ways.flatMap((way) => (isOptional ? [way, [...way, ...steps]] : [[...way, ...steps]]));
    },
    [[]],
  );
}

function stepsOf(node: PatternNode): Step[] {
  if (node.kind !== SyntaxKind.Literal) return ["any"];
  const letters = node.chars.filter((code, place) => node.chars[place - 1] !== code);
  return letters.map((code) => ({ letter: String.fromCodePoint(code) }));
}

export class CrudeWords {
  readonly #matcher: RegExpMatcher;
  readonly #remembered: Remembered<boolean>;
  readonly #near: RegExp;
  readonly #threeLetters: ThreeLetters;
  readonly #partial: PartialCrudeWords;

  constructor() {
    const terms = termsOf();
    const matcher = new RegExpMatcher({ ...terms, ...englishRecommendedTransformers });
    this.#matcher = matcher;
    this.#remembered = new Remembered(REMEMBERED_WORDS, (word: string) => matcher.hasMatch(word));
    const source = terms.blacklistedTerms.map(({ pattern }) => sourceOf(pattern)).join("|");
    this.#near = new RegExp(source, "y");
    this.#threeLetters = new ThreeLetters(terms.blacklistedTerms.flatMap(({ pattern }) => waysOf(pattern.nodes)));
    this.#partial = new PartialCrudeWords(source, this.#threeLetters);
  }

  /** Whole words of a folded text; no match reaches across a blank. */
  *in(text: string): Generator<Range, void, undefined> {
    let from = 0;
    for (;;) {
      const start = this.#threeLetters.next(text, from);
      if (start < 0) return;
      this.#near.lastIndex = start;
      const isNear = this.#near.test(text);
      from = isNear ? this.#near.lastIndex : start + 1;
      if (!isNear) continue;
      const word = wordAround(text, start, from);
      if (this.#isCrude(text.slice(word.start, word.end))) yield word;
    }
  }

  #isCrude(word: string): boolean {
    return word.length <= MOST_REMEMBERED_UNITS ? this.#remembered.get(word) : this.#matcher.hasMatch(word);
  }

  /** The first unit of a last word that may become crude with the next letters; the text's length if none may. */
  openFrom(text: string): number {
    return this.#partial.openFrom(text);
  }
}

function wordAround(text: string, from: number, to: number): Range {
  let [start, end] = [from, to];
  while (start > 0 && from - start < MAXIMUM_WORD_UNITS && WORD_CHARACTER.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && end - to < MAXIMUM_WORD_UNITS && WORD_CHARACTER.test(text.charAt(end))) end += 1;
  return { start, end };
}
