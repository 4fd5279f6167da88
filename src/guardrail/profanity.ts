// Crude language in an answer: obscenity's English list, cut down, and a short Chinese one.
// Law: the output only; a word is flagged for itself, whatever the sentence says.
import { CrudeWords } from "./crude-words.ts";
import type { ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import type { Range, TextView } from "./normalise/text-view.ts";
import { viewsOfText } from "./normalise/views.ts";
import { isFirm, openOrigin, partialViewsOf } from "./partial-views.ts";
import { CHINESE_WORDS, PROFANITY_VERSION } from "./rules/profanity.ts";
import type { Finding } from "./verdict.ts";
import { judged } from "./verdicts.ts";

const CHINESE = new RegExp(CHINESE_WORDS.join("|"), "g");
const HAN = /[\u4e00-\u9fff]/;
const MAXIMUM_FINDINGS = 50;
const LONGEST_CHINESE_UNITS = Math.max(...CHINESE_WORDS.map((word) => word.length));

type Counts = (view: TextView, range: Range) => boolean;

function* wordsIn({ text }: TextView, crude: CrudeWords): Generator<Range, void, undefined> {
  yield* crude.in(text);
  if (!HAN.test(text)) return;
  for (const match of text.matchAll(CHINESE)) yield { start: match.index, end: match.index + match[0].length };
}

function findingsIn(text: ExchangeText, crude: CrudeWords, counts: Counts): Finding[] {
  const found = new Map<number, Finding>();
  for (const view of viewsOfText(text)) {
    for (const word of wordsIn(view, crude)) {
      if (!counts(view, word)) continue;
      const { start, end } = view.origin(word.start, word.end);
      if (found.has(start)) continue;
      const message = "The answer has a crude word.";
      const span = { location: text.location, start, end };
      found.set(start, { rule: "crude-word", category: "offensive", span, message });
      if (found.size >= MAXIMUM_FINDINGS) return [...found.values()];
    }
  }
  return [...found.values()];
}

/** Where a word of the Chinese list begins that the text's end cuts. */
function openInChinese(text: string): number {
  for (let place = Math.max(0, text.length - LONGEST_CHINESE_UNITS + 1); place < text.length; place += 1) {
    const end = text.slice(place);
    if (CHINESE_WORDS.some((word) => word.length > end.length && word.startsWith(end))) return place;
  }
  return text.length;
}

function openFrom(piece: ExchangeText, crude: CrudeWords): number {
  const { views, joined, encodedFrom } = partialViewsOf(piece);
  return [...views, ...joined].reduce((from, view) => {
    const open = Math.min(crude.openFrom(view.text), openInChinese(view.text));
    return Math.min(from, openOrigin(view, open, piece));
  }, encodedFrom);
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
        exchange.answer.flatMap((text) => findingsIn(text, crude, () => true)),
      ),
    glimpse: (piece) => ({
      findings: findingsIn(piece, crude, (view, word) => isFirm(view, word, piece)),
      openFrom: openFrom(piece, crude),
    }),
  };
}
