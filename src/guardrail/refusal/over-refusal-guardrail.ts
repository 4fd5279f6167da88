// The guardrail of the other direction: the model refuses what the cheap tiers call clearly benign.
// Law: it speaks of whole answers only, and in doubt it says nothing: refusing harm is right.
import { OVER_REFUSAL } from "../../policy/category.ts";
import type { ExchangeText } from "../exchange.ts";
import type { FastGuardrail } from "../guardrail.ts";
import { HARM_CUES_VERSION } from "../rules/harm-cues.ts";
import { REFUSAL_VERSION } from "../rules/refusal.ts";
import type { Finding } from "../verdict.ts";
import { judged } from "../verdicts.ts";
import { type BenignLooks, isClearlyBenign } from "./clearly-benign.ts";
import { readRefusal } from "./read-refusal.ts";

export const OVER_REFUSAL_ID = "over-refusal";

const MESSAGE = "The answer refuses a request in which nothing harmful was seen.";

function findingOf(rule: string, location: string, span: { readonly start: number; readonly end: number }): Finding {
  return { rule, category: OVER_REFUSAL, span: { location, ...span }, message: MESSAGE };
}

/** OpenAI's own field says it plainly; else the content says it, where there is nothing but content. */
function refusalIn(answer: readonly ExchangeText[]): Finding | null {
  const field = answer.find(({ location, text }) => location === "refusal" && text.trim() !== "");
  if (field !== undefined) return findingOf("refusal-field", field.location, { start: 0, end: field.text.length });
  if (answer.some(({ location }) => location.startsWith("tool_calls"))) return null;
  for (const { text, location } of answer.filter(({ location }) => location.startsWith("content"))) {
    const { strength, span } = readRefusal(text);
    if (strength === "full" && span !== null) return findingOf("refusal", location, span);
  }
  return null;
}

export function createOverRefusalGuardrail(looks: BenignLooks): FastGuardrail {
  const identity = { id: OVER_REFUSAL_ID, version: `${REFUSAL_VERSION}+${HARM_CUES_VERSION}` };
  return {
    ...identity,
    sides: ["output"],
    categories: [OVER_REFUSAL],
    check: (exchange, side) => {
      const refusal = refusalIn(exchange.answer);
      return judged(identity, side, refusal !== null && isClearlyBenign(exchange, looks) ? [refusal] : []);
    },
  };
}
