// What models cost. Law: integers only — nano-dollars a token, and each call rounded up to whole micro-dollars, so that a sum
// is never below what was spent.
import type { Usage } from "./usage.ts";

/** Dollars per million tokens, by model; "*" is every other model. */
export type Prices = Readonly<Record<string, { readonly input: number; readonly output: number }>>;

export type PriceOf = (usage: Pick<Usage, "model" | "promptTokens" | "completionTokens">) => number;

const OTHER_MODELS = "*";
/** A dollar per million tokens is a micro-dollar a token, or a thousand nano-dollars. */
const NANO = 1_000;
/** Providers report the dated name of what was asked for: `gpt-4o` comes back as `gpt-4o-2024-08-06`. */
const DATED = /^-\d/;

function priceFor(prices: Prices, model: string): Prices[string] | undefined {
  const own = Object.entries(prices)
    .filter(([name]) => model === name || (model.startsWith(name) && DATED.test(model.slice(name.length))))
    .toSorted(([left], [right]) => right.length - left.length)[0];
  return own?.[1] ?? prices[OTHER_MODELS];
}

/** Micro-dollars of one call; 0 for a model without a price. */
export function priceList(prices: Prices): PriceOf {
  const isEmpty = Object.keys(prices).length === 0;
  return ({ model, promptTokens, completionTokens }) => {
    const price = isEmpty ? undefined : priceFor(prices, model);
    if (price === undefined) return 0;
    const nanoDollars =
      promptTokens * Math.round(price.input * NANO) + completionTokens * Math.round(price.output * NANO);
    return Math.ceil(nanoDollars / NANO);
  };
}
