// The action `redact`: cuts flagged spans out of an answer. Law: only spans whose category the policy redacts; places are kept apart.
import { cutSpans } from "../lib/cut-spans.ts";
import { actionFor } from "../guardrail/decide.ts";
import { flaggedFindings } from "../guardrail/flagged-categories.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { Policy } from "../policy/policy.ts";
import type { CompletionMessage } from "../wire/chat-completion.ts";
import { answerTexts } from "./exchange-of.ts";
import { mapTexts } from "../wire/message-texts.ts";

export const REDACTED = "[redacted]";

/** How many characters of the model's answer are in what leaves: the markers that stand for what was cut are ours. */
export function givenCharacters(answer: CompletionMessage, sent: CompletionMessage): number {
  const count = (message: CompletionMessage): { readonly characters: number; readonly markers: number } => {
    const text = answerTexts(message).map((each) => each.text);
    const characters = text.reduce((sum, { length }) => sum + length, 0);
    return { characters, markers: text.reduce((sum, each) => sum + each.split(REDACTED).length - 1, 0) };
  };
  const { characters, markers } = count(sent);
  return characters - Math.max(0, markers - count(answer).markers) * REDACTED.length;
}

export function redactAnswer(
  message: CompletionMessage,
  verdicts: readonly Verdict[],
  policy: Policy,
): CompletionMessage {
  const spans = flaggedFindings(verdicts).flatMap(({ category, span }) =>
    span !== null && actionFor(policy, "output", category) === "redact" ? [span] : [],
  );
  return mapTexts(message, (text, location) =>
    cutSpans(
      text,
      spans.filter((span) => span.location === location),
      REDACTED,
    ),
  );
}
