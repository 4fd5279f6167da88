// From the library's list of probabilities to one token's score. Law: natural logarithms, never minus infinity, which JSON can't carry.
import type { TokenProbability, TokenScore } from "./text-model.ts";

/** The smallest float32 above zero: where a probability underflowed, it was less than this. */
const LEAST_PROBABILITY = 2 ** -149;

export interface NextTokenOutput {
  /** likeliest first */
  readonly next: { readonly probabilities?: ReadonlyMap<number, number> };
}

export function scoreOf(output: NextTokenOutput | undefined, token: number, alternatives: number): TokenScore {
  const probabilities = output?.next.probabilities;
  if (probabilities === undefined)
    throw new Error("node-llama-cpp gave no probabilities for a token that was asked for.");
  return {
    token,
    logProbability: logarithm(probabilities.get(token) ?? 0),
    alternatives: likeliest(probabilities, alternatives),
  };
}

function likeliest(probabilities: ReadonlyMap<number, number>, count: number): readonly TokenProbability[] {
  const first: TokenProbability[] = [];
  for (const [token, probability] of probabilities) {
    if (first.length >= count) break;
    first.push({ token, logProbability: logarithm(probability) });
  }
  return first;
}

function logarithm(probability: number): number {
  return Math.log(Math.max(probability, LEAST_PROBABILITY));
}
