// Redacts everything of an exchange that is about to be stored. Law: runs before any sink; spans still point at their text after it.
import { Remembered } from "../guardrail/remembered.ts";
import type { Span, Verdict } from "../guardrail/verdict.ts";
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import { isRecord } from "../lib/record.ts";
import type { StoredExchange } from "./mistake.ts";
import { redact, redactedText, type Redaction } from "./redaction.ts";
import { redactParts } from "./redact-parts.ts";
import { redactedSpan } from "./redaction-replacement.ts";

const MOST_RATIONALE_CHARACTERS = 500;
const MOST_SAYINGS = 100;

/** Cut when it is redacted: half a key would not be known for one. */
function redactedRationale(rationale: string): string {
  return redactedText(rationale).slice(0, MOST_RATIONALE_CHARACTERS).toWellFormed();
}

/** 13 digits, the shortest payment-card number. */
const LEAST_CARD_NUMBER = 1e12;

interface RedactedExchange extends StoredExchange {
  readonly verdicts: readonly Verdict[];
}

/** Redacts texts by their location and remembers what moved. Lone surrogates become U+FFFD, since UTF-8 can't hold them. */
class Redactor {
  readonly #redactions = new Map<string, Redaction>();
  /** of the texts that are read one behind the other */
  readonly #parts = new Map<string, Redaction>();

  text(text: string, location: string): string {
    const redaction = this.#parts.get(location) ?? redact(text.toWellFormed());
    this.#redactions.set(location, redaction);
    return redaction.text;
  }

  span(span: Span): Span {
    const redaction = this.#redactions.get(span.location);
    return redaction === undefined ? span : redactedSpan(span, redaction.replacements);
  }

  #redactParts(items: readonly unknown[], location: string): void {
    const texts = items.flatMap((item, index) =>
      isRecord(item) && typeof item["text"] === "string"
        ? [{ text: item["text"].toWellFormed(), at: `${location}[${index}].text` }]
        : [],
    );
    const redactions = redactParts(texts.map(({ text }) => text));
    for (const [place, redaction] of redactions.entries()) this.#parts.set(texts[place]?.at ?? "", redaction);
  }

  /** Every string in a value that we do not know the shape of, keys included. */
  anything(value: unknown, location: string): unknown {
    // A card's digits may come as a number, which has no place for a placeholder: it becomes a text only then.
    if (typeof value === "number" && Math.abs(value) >= LEAST_CARD_NUMBER) {
      const { text, replacements } = redact(String(value));
      return replacements.length > 0 ? text : value;
    }
    if (typeof value === "string") return this.text(value, location);
    if (Array.isArray(value)) {
      this.#redactParts(value, location);
      return value.map((item, index) => this.anything(item, `${location}[${index}]`));
    }
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          redactedText(key),
          this.anything(item, location === "" ? key : `${location}.${key}`),
        ]),
      );
    }
    return value;
  }
}

/** What verdicts say of texts: few sayings, over and over. A location has names of fields in it, which the client chose. */
class Told {
  readonly #sayings = new Remembered(MOST_SAYINGS, redactedText);

  get(text: string): string {
    return this.#sayings.get(text);
  }

  place(span: Span): Span {
    return { ...span, location: this.get(span.location) };
  }
}

/**
 * Locations are the guardrails' own (`messages[0].content`, `tool_calls[0].function.arguments`), which is why walking
 * the values by their path finds the span's text again.
 */
export function redactExchange(
  messages: readonly ChatMessage[],
  answer: CompletionMessage,
  verdicts: readonly Verdict[],
): RedactedExchange {
  const redactor = new Redactor();
  const storedMessages = messages.map((message, index) => ({
    role: message.role,
    ...entriesOf(redactor.anything(omitRole(message), `messages[${index}]`)),
  }));
  // Unlike a message's, an answer's role is any text that an upstream or a reporter sends.
  const storedAnswer = { role: redactedText(answer.role), ...entriesOf(redactor.anything(omitRole(answer), "")) };
  const told = new Told();
  return {
    messages: storedMessages,
    answer: storedAnswer,
    verdicts: verdicts.map((verdict) => ({
      ...verdict,
      reason: verdict.reason === null ? null : told.get(verdict.reason),
      rationale: verdict.rationale === null ? null : redactedRationale(verdict.rationale),
      findings: verdict.findings.map((finding) => ({
        ...finding,
        message: told.get(finding.message),
        span: finding.span === null ? null : told.place(redactor.span(finding.span)),
      })),
    })),
  };
}

function omitRole({ role: _, ...rest }: ChatMessage | CompletionMessage): object {
  return rest;
}

function entriesOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
