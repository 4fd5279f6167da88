// The edge classifier: the probability that an exchange is harmful, from hashed n-grams of prompt and answer together.
// Law: pure and linear, and an answer that arrives in pieces scores as it does whole.
import { readTable, type EdgeWeights } from "./edge-weights.ts";
import { NgramSum } from "./ngram-sum.ts";
import { type FeatureSink, TextFeatures } from "./text-features.ts";

export interface EdgeScorer {
  /**
   * The next piece of one text of the answer; a cut may fall anywhere, and several texts may come by turns: no n-gram reaches
   * from one into another, and each has its opening.
   */
  push(piece: string, text?: string): void;
  /** of all that was pushed so far, in [0, 1] */
  probability(): number;
}

export interface EdgeClassifier {
  readonly version: string;
  /** scores an answer to `prompt` (the texts of the user's turn) as it arrives */
  scorer(prompt: readonly string[]): EdgeScorer;
  /** of an answer that is whole: what a scorer says once all its texts, by their places, were pushed */
  answerProbability(prompt: readonly string[], answer: readonly (readonly [text: string, piece: string])[]): number;
  /** that the user's turn alone asks for harm */
  promptProbability(prompt: readonly string[]): number;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** What a prompt's n-grams weigh, by themselves and beside an answer. */
interface PromptValues {
  readonly input: number;
  readonly output: number;
}

/** Of one answer: all of it, and its opening apart. */
class AnswerSums implements FeatureSink {
  readonly answer: NgramSum;
  readonly opening: NgramSum;
  /** the words of the opening */
  readonly wordsApart: number;

  constructor(answer: NgramSum, opening: NgramSum, openingWords: number) {
    this.answer = answer;
    this.opening = opening;
    this.wordsApart = openingWords;
  }

  add(hash: number, word: number): void {
    this.answer.add(hash);
    if (word < this.wordsApart) this.opening.add(hash);
  }

  addAll(hashes: Int32Array, count: number, word: number): void {
    this.answer.addAll(hashes, count);
    if (word < this.wordsApart) this.opening.addAll(hashes, count);
  }
}

/** The texts of one answer, by their places: each is read by itself. */
class AnswerTexts {
  readonly #sums: AnswerSums;
  readonly #texts = new Map<string, TextFeatures>();

  constructor(sums: AnswerSums) {
    this.#sums = sums;
  }

  of(text: string): TextFeatures {
    const features = this.#texts.get(text) ?? new TextFeatures(this.#sums);
    this.#texts.set(text, features);
    return features;
  }

  all(): Iterable<TextFeatures> {
    return this.#texts.values();
  }
}

/**
 * @example
 * const scorer = createEdgeClassifier(WEIGHTS).scorer(["How do I bake bread?"]);
 * scorer.push("Mix flour, water");
 * scorer.push(" and salt.");
 * scorer.probability();
 */
export function createEdgeClassifier(weights: EdgeWeights): EdgeClassifier {
  const table = readTable(weights);
  const { bias, scale, openingWords } = weights;
  // Used again for every text that is read at one go.
  const inputPrompt = new NgramSum(table.inputPrompt);
  const outputPrompt = new NgramSum(table.outputPrompt);
  const wholeAnswer = new NgramSum(table.outputAnswer);
  const wholeOpening = new NgramSum(table.outputOpening);

  /** A prompt is scored for itself, and again with its answer: its n-grams are made once, as long as the list lives. */
  const knownPrompts = new WeakMap<readonly string[], PromptValues>();

  function promptValues(prompt: readonly string[]): PromptValues {
    const known = knownPrompts.get(prompt);
    if (known !== undefined) return known;
    inputPrompt.clear();
    outputPrompt.clear();
    const features = new TextFeatures({
      add: (hash) => {
        inputPrompt.add(hash);
        outputPrompt.add(hash);
      },
      wordsApart: 0,
      addAll: (hashes, count) => {
        inputPrompt.addAll(hashes, count);
        outputPrompt.addAll(hashes, count);
      },
    });
    for (const text of prompt) {
      features.push(text);
      features.end();
    }
    const values = { input: inputPrompt.value(), output: outputPrompt.value() };
    knownPrompts.set(prompt, values);
    return values;
  }

  function startOf(prompt: readonly string[]): number {
    return bias.output + scale.outputPrompt * promptValues(prompt).output;
  }

  function probabilityOf(start: number, answer: number, opening: number): number {
    return sigmoid(start + scale.outputAnswer * answer + scale.outputOpening * opening);
  }

  return {
    version: weights.version,

    promptProbability: (prompt) => sigmoid(bias.input + scale.inputPrompt * promptValues(prompt).input),

    answerProbability(prompt, answer) {
      wholeAnswer.clear();
      wholeOpening.clear();
      const texts = new AnswerTexts(new AnswerSums(wholeAnswer, wholeOpening, openingWords));
      for (const [text, piece] of answer) texts.of(text).push(piece);
      for (const features of texts.all()) features.end();
      return probabilityOf(startOf(prompt), wholeAnswer.value(), wholeOpening.value());
    },

    scorer(prompt) {
      const answer = new NgramSum(table.outputAnswer);
      const opening = new NgramSum(table.outputOpening);
      const start = startOf(prompt);
      const texts = new AnswerTexts(new AnswerSums(answer, opening, openingWords));
      return {
        push: (piece, text = "") => {
          texts.of(text).push(piece);
        },
        probability: () => {
          const pending = [...texts.all()].flatMap((features) => features.pending());
          const hashes = pending.map(({ hash }) => hash);
          const opens = pending.filter(({ word }) => word < openingWords).map(({ hash }) => hash);
          return probabilityOf(start, answer.valueWith(hashes), opening.valueWith(opens));
        },
      };
    },
  };
}
