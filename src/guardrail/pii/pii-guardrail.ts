// The guardrail that finds personal data: in answers, and in conversations where the policy acts on them.
// Law: what the policy's roles said themselves is no leak; a finding never contains what was found.
import type { PiiKind, PiiPolicy } from "../../policy/pii-policy.ts";
import type { Exchange, ExchangeText } from "../exchange.ts";
import type { FastGuardrail } from "../guardrail.ts";
import { viewsWithCaseOfText } from "../normalise/views.ts";
import { isAtEnd } from "../partial-views.ts";
import type { Finding, Side } from "../verdict.ts";
import { judged } from "../verdicts.ts";
import { findPii } from "./find-pii.ts";
import { openPiiFrom, openPiiIn } from "./partial-pii.ts";
import { wasSaid } from "./said-before.ts";

const VERSION = "2026-11-23.1";
const MAXIMUM_FINDINGS = 100;

const MESSAGES: Readonly<Record<PiiKind, string>> = {
  email: "The text has an e-mail address.",
  phone: "The text has a telephone number.",
  card: "The text has the number of a payment card.",
  iban: "The text has the number of a bank account.",
  ip: "The text has an address of the public internet.",
  national_id: "The text has the number by which a state knows a person.",
  birth_date: "The text has a date of birth.",
};

/** @param sides those on which the policy does anything about it */
export function createPiiGuardrail(policy: PiiPolicy, sides: readonly Side[]): FastGuardrail {
  const identity = { id: "pii", version: VERSION };

  const findingsIn = (text: ExchangeText, isSaid: (value: string) => boolean, isPiece: boolean): Finding[] => {
    const { location } = text;
    const findings: Finding[] = [];
    for (const view of viewsWithCaseOfText(text)) {
      const found = findPii(view.text, policy);
      if (found.length === 0) continue;
      const isOpen = isPiece && isAtEnd(text.text, view.origin(view.text.length - 1, view.text.length).end);
      const decidedTo = isOpen ? openPiiIn(view.text, found) : view.text.length;
      for (const { kind, start, end } of found) {
        if (end > decidedTo || isSaid(view.text.slice(start, end))) continue;
        const span = { location, ...view.origin(start, end) };
        // The same one may stand in several views.
        const isKnown = findings.some(
          (known) => known.span !== null && known.span.start < span.end && span.start < known.span.end,
        );
        if (isKnown) continue;
        findings.push({ rule: kind, category: "pii", span, message: MESSAGES[kind] });
        if (findings.length >= MAXIMUM_FINDINGS) return findings;
      }
    }
    return findings;
  };

  const saidIn = ({ conversation }: Exchange) => {
    return (value: string): boolean => wasSaid(value, conversation, policy.may_repeat);
  };

  return {
    ...identity,
    sides: policy.kinds.length === 0 ? [] : sides,
    categories: ["pii"],
    check: (exchange, side) => {
      const [texts, isSaid] =
        side === "output" ? [exchange.answer, saidIn(exchange)] : [exchange.conversation, () => false];
      return judged(
        identity,
        side,
        texts.flatMap((text) => findingsIn(text, isSaid, false)),
      );
    },
    glimpse: (piece, exchange) => ({
      findings: findingsIn(piece, saidIn(exchange), true),
      openFrom: openPiiFrom(piece, policy),
    }),
  };
}
