// Takes our own instructions out of a text that repeats them: the hint and question of guided analysis, and the guidance.
// Law: what remains has no sentence of theirs in it, whatever its case and spacing; a text without them stays as it is.
import { HINT_SENTENCES } from "./hint-sentences.ts";

/** Words apart by any white space, and the full stop optional: models repeat loosely. Linear, since no two repeats meet. */
function expressionOf(sentence: string): RegExp {
  const words = sentence
    .trim()
    .replace(/[.。:：]$/, "")
    .split(/\s+/)
    .map((word) => word.replaceAll(/[^\p{L}\p{N}]/gu, "\\$&"));
  return new RegExp(`${words.join("\\s+")}[.。]?`, "gi");
}

const EXPRESSIONS = HINT_SENTENCES.map(expressionOf);

export function withoutHint(text: string): string {
  // Again until nothing is found, since cutting one sentence out may join the halves of another.
  let before = text;
  let after = EXPRESSIONS.reduce((rest, expression) => rest.replaceAll(expression, ""), before);
  while (after !== before) {
    before = after;
    after = EXPRESSIONS.reduce((rest, expression) => rest.replaceAll(expression, ""), before);
  }
  return after === text ? text : after.trim();
}
