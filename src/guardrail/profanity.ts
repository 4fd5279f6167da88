// Crude language in an answer: obscenity's English list, cut down, and a short Chinese one.
// Law: the output only; a word is flagged for itself, whatever the sentence says.
import { CrudeWords } from "./crude-words.ts";
import type { ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import type { Range } from "./normalise/text-view.ts";
import { viewsOfText } from "./normalise/views.ts";
import { CHINESE_WORDS, PROFANITY_VERSION } from "./rules/profanity.ts";
import type { Finding } from "./verdict.ts";
import { judged } from "./verdicts.ts";

const CHINESE = new RegExp(CHINESE_WORDS.join("|"), "g");
const HAN = /[\u4e00-\u9fff]/;
const MAXIMUM_FINDINGS = 50;

function* rangesIn(text: ExchangeText, crude: CrudeWords): Generator<Range, void, undefined> {
  for (const view of viewsOfText(text)) {
    for (const { start, end } of crude.in(view.text)) yield view.origin(start, end);
    if (!HAN.test(view.text)) continue;
    for (const match of view.text.matchAll(CHINESE)) yield view.origin(match.index, match.index + match[0].length);
  }
}

function findingsIn(text: ExchangeText, crude: CrudeWords): Finding[] {
  const found = new Map<number, Finding>();
  for (const { start, end } of rangesIn(text, crude)) {
    if (found.has(start)) continue;
    const message = "The answer has a crude word.";
    found.set(start, {
      rule: "crude-word",
      category: "offensive",
      span: { location: text.location, start, end },
      message,
    });
    if (found.size >= MAXIMUM_FINDINGS) break;
  }
  return [...found.values()];
}

export function createProfanityGuardrail(): FastGuardrail {
  const identity = { id: "profanity", version: PROFANITY_VERSION };
  const crude = new CrudeWords();
  return {
    ...identity,
    sides: ["output"],
    categories: ["offensive"],
    check: (exchange, side) =>
      judged(
        identity,
        side,
        exchange.answer.flatMap((text) => findingsIn(text, crude)),
      ),
  };
}
