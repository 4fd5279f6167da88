// The edge classifier: the probability that an exchange is harmful, from hashed n-grams of prompt and answer together.
// Law: pure and linear, and an answer that arrives in pieces scores as it does whole.
import { readTable, type EdgeWeights } from "./edge-weights.ts";
import { NgramSum } from "./ngram-sum.ts";
import { TextFeatures } from "./text-features.ts";

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
  /** that the user's turn alone asks for harm */
  promptProbability(prompt: readonly string[]): number;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function promptValue(weights: Int8Array, prompt: readonly string[]): number {
  const sum = new NgramSum(weights);
  const features = new TextFeatures(sum);
  for (const text of prompt) {
    features.push(text);
    features.end();
  }
  return sum.value();
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

  return {
    version: weights.version,

    promptProbability: (prompt) => sigmoid(bias.input + scale.inputPrompt * promptValue(table.inputPrompt, prompt)),

    scorer(prompt) {
      const start = bias.output + scale.outputPrompt * promptValue(table.outputPrompt, prompt);
      const answer = new NgramSum(table.outputAnswer);
      const opening = new NgramSum(table.outputOpening);
      const texts = new Map<string, TextFeatures>();
      const featuresOf = (text: string): TextFeatures => {
        const features =
          texts.get(text) ??
          new TextFeatures({
            add(hash, word) {
              answer.add(hash);
              if (word < openingWords) opening.add(hash);
            },
          });
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
            start + scale.outputAnswer * answer.valueWith(hashes) + scale.outputOpening * opening.valueWith(opens),
          );
        },
      };
    },
  };
}
