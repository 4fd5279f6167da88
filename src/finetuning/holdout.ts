// What is kept out of a release so that the next model can be measured on it. Law: pure; what is held out is held out of every type
// of example, whatever else speaks for it.
import { conversationText } from "../mistake/exchange-text.ts";
import type { Mistake } from "../mistake/mistake.ts";
import type { Holdout } from "../release/release.ts";
import { promptKeyOf } from "./training-example.ts";

export type IsHeldOut = (
  mistake: Pick<Mistake, "categories" | "kind" | "source" | "exchange" | "provenance">,
) => boolean;

/** Whether a text speaks of one of the topics; case, width and spacing do not count. */
export function speaksOf(topics: readonly string[]): (text: string) => boolean {
  const words = topics.map(promptKeyOf).filter((topic) => topic !== "");
  return (text) => {
    if (words.length === 0) return false;
    const key = promptKeyOf(text);
    return words.some((word) => key.includes(word));
  };
}

export function heldOutBy({ categories, kinds, sources, techniques, topics }: Holdout): IsHeldOut {
  const isAbout = speaksOf(topics);
  return (mistake) =>
    mistake.categories.some((category) => categories.includes(category)) ||
    kinds.includes(mistake.kind) ||
    sources.includes(mistake.source) ||
    techniques.some((technique) => technique === mistake.provenance.technique) ||
    isAbout(conversationText(mistake.exchange.messages));
}
