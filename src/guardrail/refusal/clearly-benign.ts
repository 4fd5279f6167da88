// Whether a request is clearly benign, as far as cheap looks can say. Law: in doubt it is not; a language that neither the cues
// nor the classifier know well is in doubt.
import type { Exchange } from "../exchange.ts";
import type { FastGuardrail } from "../guardrail.ts";
import { viewsOfText } from "../normalise/views.ts";
import { HARM_CUES } from "../rules/harm-cues.ts";
import { runFastGuardrail } from "../run-guardrails.ts";

export interface BenignLooks {
  /** those that read inputs; any flag or failure of theirs is a doubt */
  readonly guardrails: readonly FastGuardrail[];
  /** a score of theirs must lie below this; default `BENIGN_BELOW` */
  readonly scoreBelow?: number;
}

/** Far below what the classifier gives to most requests, harmless ones too: see docs/decisions/privacy.md for the figures. */
export const BENIGN_BELOW = 0.2;

/** Longer requests hold much that a look at words does not weigh. */
const MOST_UNITS = 4_000;
const FEWEST_LETTERS = 8;
const HAN = /\p{Script=Han}/gu;
const LETTER = /\p{L}/gu;
const ENGLISH_WORD =
  /\b(?:the|an?|of|to|in|is|are|and|for|what|how|why|who|when|where|which|can|could|do|does|did|i|my|me|you|your|it|this|that|with|on|write|give|tell|from|should|would|have|has|be|or|not)\b/g;
const WORD = /[a-z']+/g;
const LEAST_ENGLISH = 0.25;
const LEAST_HAN = 0.5;

/** English by its small words, Chinese by its script. */
function isKnownLanguage(text: string): boolean {
  const letters = text.match(LETTER)?.length ?? 0;
  if (letters < FEWEST_LETTERS) return false;
  if ((text.match(HAN)?.length ?? 0) >= LEAST_HAN * letters) return true;
  const words = text.match(WORD)?.length ?? 0;
  return words > 0 && (text.match(ENGLISH_WORD)?.length ?? 0) >= LEAST_ENGLISH * words;
}

export function isClearlyBenign(exchange: Exchange, { guardrails, scoreBelow = BENIGN_BELOW }: BenignLooks): boolean {
  const asked = exchange.conversation.filter(({ role }) => role === "user");
  const units = asked.reduce((sum, { text }) => sum + text.length, 0);
  const last = asked.at(-1);
  if (last === undefined || units > MOST_UNITS) return false;
  if (!isKnownLanguage(last.text.toLowerCase())) return false;
  const hasCue = asked.some((text) => viewsOfText(text).some((view) => HARM_CUES.some((cue) => cue.test(view.text))));
  if (hasCue) return false;
  return guardrails.every((guardrail) => {
    const { status, score } = runFastGuardrail(guardrail, exchange, "input");
    return status === "pass" && (score === null || score < scoreBelow);
  });
}
