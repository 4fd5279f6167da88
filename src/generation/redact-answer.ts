// The action `redact`: cuts flagged spans out of an answer. Law: only spans whose category the policy redacts; places are kept apart.
import { cutSpans } from "../lib/cut-spans.ts";
import { actionFor } from "../guardrail/decide.ts";
import { flaggedFindings } from "../guardrail/flagged-categories.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { Policy } from "../policy/policy.ts";
import type { CompletionMessage } from "../wire/chat-completion.ts";
import { mapTexts } from "../wire/message-texts.ts";

export const REDACTED = "[redacted]";

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
