// Whether the text of an analysis is worth keeping: it gives a reason of its own, in the mistake's language, and nothing harmful.
// Law: pure, linear and bounded; what a guardrail can't check has not passed; every reason against it is named.
import { conversationTexts } from "../generation/exchange-of.ts";
import type { FastGuardrail } from "../guardrail/guardrail.ts";
import { isRefusal } from "../guardrail/refusal/read-refusal.ts";
import { runFastGuardrails } from "../guardrail/run-guardrails.ts";
import { languageOf, type Language } from "../lib/language.ts";
import type { AnalysisFault } from "../mistake/analysis-quality.ts";
import { answerText, conversationText } from "../mistake/exchange-text.ts";
import type { MistakeKind, StoredExchange } from "../mistake/mistake.ts";
import { OVER_REFUSAL } from "../policy/category.ts";
import { BOILERPLATE_PHRASES } from "./analysis-boilerplate.ts";
import { gramsOf, specificTerms, tokensOf } from "./analysis-terms.ts";

/** Twice what 256 tokens of English may be. */
export const MOST_ANALYSIS_CHARACTERS = 2_400;
const FEWEST_SPECIFIC_TERMS = 2;
const LOOP_GRAM = 4;
const FEWEST_LOOP_GRAMS = 20;
const FEWEST_DISTINCT_SHARE = 0.6;
const MOST_OF_ONE_SENTENCE = 2;
/** As many words of the answer in a row are a copy of it, no longer a quotation of what is wrong. */
const COPIED_TOKENS = 16;
const JSON_OPENING = /^(?:`{3}[a-z]{0,10}\s{0,10})?[[{]\s{0,10}["{[]/i;
const BIDI_CONTROL = /[\u202a-\u202e\u2066-\u2069]/;

export interface AnalysedMistake {
  readonly exchange: StoredExchange;
  readonly kind: MistakeKind;
  readonly language: Language;
}

function hasControls(text: string): boolean {
  return !text.isWellFormed() || /\p{Cc}/u.test(text.replace(/[\t\n\r]/g, "")) || BIDI_CONTROL.test(text);
}

function repeats(text: string): boolean {
  const grams = gramsOf(tokensOf(text), LOOP_GRAM);
  if (grams.length >= FEWEST_LOOP_GRAMS && new Set(grams).size < grams.length * FEWEST_DISTINCT_SHARE) return true;
  const counts = new Map<string, number>();
  for (const sentence of text.toLowerCase().match(/[^.!?。！？\n]+/g) ?? []) {
    const key = tokensOf(sentence).join(" ");
    if (key !== "") counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.values()].some((count) => count > MOST_OF_ONE_SENTENCE);
}

function copies(text: string, answer: string): boolean {
  const known = new Set(gramsOf(tokensOf(answer), COPIED_TOKENS));
  return gramsOf(tokensOf(text), COPIED_TOKENS).some((gram) => known.has(gram));
}

/** It names nothing that the exchange is about. An exchange without any such word asks for none. */
function isUnspecific(text: string, exchange: StoredExchange): boolean {
  const subject = specificTerms(`${conversationText(exchange.messages)}\n${answerText(exchange.answer)}`);
  return subject.size > 0 && ![...specificTerms(text)].some((term) => subject.has(term));
}

/** What the output guardrails say of it, as of an answer in that conversation: it must keep the same secrets. */
function guardrailFaults(
  text: string,
  exchange: StoredExchange,
  guardrails: readonly FastGuardrail[],
): readonly AnalysisFault[] {
  const answer = [{ role: "assistant" as const, text, location: "content" }];
  const conversation = conversationTexts(exchange.messages);
  const verdicts = runFastGuardrails(guardrails, { conversation, answer, guidance: [] }, "output");
  // That a harmless request was refused is what the analysis may be about; whether it refuses itself is read apart.
  const isFlagged = verdicts.some(
    ({ status, findings }) => status === "flag" && findings.some(({ category }) => category !== OVER_REFUSAL),
  );
  const isUnchecked = verdicts.some(({ status }) => status === "error");
  return [...(isFlagged ? (["flagged"] as const) : []), ...(isUnchecked ? (["guardrail_error"] as const) : [])];
}

/** Nothing where it passes. */
export function analysisFaults(
  whole: string,
  { exchange, kind, language }: AnalysedMistake,
  guardrails: readonly FastGuardrail[],
): readonly AnalysisFault[] {
  const text = whole.slice(0, MOST_ANALYSIS_CHARACTERS);
  if (!/[\p{L}\p{N}]/u.test(text)) return ["empty"];
  const found: readonly (readonly [AnalysisFault, boolean])[] = [
    ["too_long", whole.length > MOST_ANALYSIS_CHARACTERS],
    ["control_characters", hasControls(text)],
    ["json", JSON_OPENING.test(text.trimStart())],
    ["refusal", isRefusal(text)],
    [
      "boilerplate",
      BOILERPLATE_PHRASES.some((phrase) => phrase.test(text)) || specificTerms(text).size < FEWEST_SPECIFIC_TERMS,
    ],
    ["unspecific", isUnspecific(text, exchange)],
    ["repetition", repeats(text)],
    ["copies_answer", kind !== "over_refusal" && copies(text, answerText(exchange.answer))],
    ["wrong_language", languageOf(text) !== language],
  ];
  const faults = found.filter(([, isThere]) => isThere).map(([fault]) => fault);
  return [...faults, ...guardrailFaults(text, exchange, guardrails)];
}
