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
  readonly #openingWords: number;

  constructor(answer: NgramSum, opening: NgramSum, openingWords: number) {
    this.answer = answer;
    this.opening = opening;
    this.#openingWords = openingWords;
  }

  add(hash: number, word: number): void {
    this.answer.add(hash);
    if (word < this.#openingWords) this.opening.add(hash);
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
    });
    for (const text of prompt) {
      features.push(text);
      features.end();
    }
    const values = { input: inputPrompt.value(), output: outputPrompt.value() };
    knownPrompts.set(prompt, values);
    return values;
  }

  function scorerWith(sums: AnswerSums, prompt: readonly string[]): EdgeScorer {
    const start = bias.output + scale.outputPrompt * promptValues(prompt).output;
    const texts = new Map<string, TextFeatures>();
    const featuresOf = (text: string): TextFeatures => {
      const features = texts.get(text) ?? new TextFeatures(sums);
      texts.set(text, features);
      return features;
    };
    return {
      push: (piece, text = "") => {
        featuresOf(text).push(piece);
      },
      probability: () => {
        const pending = [...texts.values()].flatMap((features) => features.pending());
        const hashes = pending.map(({ hash }) => hash);
        const opens = pending.filter(({ word }) => word < openingWords).map(({ hash }) => hash);
        return sigmoid(
          start +
            scale.outputAnswer * sums.answer.valueWith(hashes) +
            scale.outputOpening * sums.opening.valueWith(opens),
        );
      },
    };
  }

  return {
    version: weights.version,

    promptProbability: (prompt) => sigmoid(bias.input + scale.inputPrompt * promptValues(prompt).input),

    answerProbability(prompt, answer) {
      wholeAnswer.clear();
      wholeOpening.clear();
      const scorer = scorerWith(new AnswerSums(wholeAnswer, wholeOpening, openingWords), prompt);
      for (const [text, piece] of answer) scorer.push(piece, text);
      return scorer.probability();
    },

    scorer(prompt) {
      const answer = new NgramSum(table.outputAnswer);
      const opening = new NgramSum(table.outputOpening);
      return scorerWith(new AnswerSums(answer, opening, openingWords), prompt);
    },
  };
}
