// Pattern rules for prompt attacks, over every view of what the client sent.
// Law: reads user, tool and assistant turns and never the system prompt, which is the client's own; the input only.
import { findingsAcross } from "./adjacent-parts.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import { viewsOfText } from "./normalise/views.ts";
import { PhraseScanner } from "./phrase-scanner.ts";
import { PROMPT_ATTACK_RULES, PROMPT_ATTACK_VERSION } from "./rules/prompt-attack.ts";
import type { Finding } from "./verdict.ts";
import { judged } from "./verdicts.ts";

/** At most one finding a rule and text: the first view that matches names the place. */
function findingsIn(exchangeText: ExchangeText, scanner: PhraseScanner): Finding[] {
  const found = new Map<string, Finding>();
  for (const view of viewsOfText(exchangeText)) {
    const matches = view.kind === "joined" ? scanner.scanJoined(view.text) : scanner.scan(view.text);
    for (const { rule, start, end } of matches) {
      if (found.has(rule.id)) continue;
      const span = { location: exchangeText.location, ...view.origin(start, end) };
      found.set(rule.id, { rule: rule.id, category: "prompt_attack", span, message: rule.message });
    }
  }
  return [...found.values()];
}

export function createPromptAttackGuardrail(): FastGuardrail {
  const identity = { id: "prompt-attack", version: PROMPT_ATTACK_VERSION };
  const scanner = new PhraseScanner(PROMPT_ATTACK_RULES);
  return {
    ...identity,
    sides: ["input"],
    categories: ["prompt_attack"],
    check: (exchange: Exchange, side) =>
      judged(
        identity,
        side,
        findingsAcross(
          exchange.conversation.filter(({ role }) => role !== "system"),
          (text) => findingsIn(text, scanner),
        ),
      ),
  };
}
