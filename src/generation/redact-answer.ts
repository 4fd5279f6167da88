// The action `redact`: cuts flagged spans out of an answer. Law: only spans whose category the policy redacts; places are kept apart.
import { cutSpans } from "../lib/cut-spans.ts";
import { actionFor } from "../guardrail/decide.ts";
import { flaggedFindings } from "../guardrail/flagged-categories.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { Policy } from "../policy/policy.ts";
import type { CompletionMessage } from "../wire/chat-completion.ts";

export const REDACTED = "[redacted]";

export function redactAnswer(
  message: CompletionMessage,
  verdicts: readonly Verdict[],
  policy: Policy,
): CompletionMessage {
  const spans = flaggedFindings(verdicts).flatMap(({ category, span }) =>
    span !== null && actionFor(policy, "output", category) === "redact" ? [span] : [],
  );
  const cut = (text: string, location: string): string =>
    cutSpans(
      text,
      spans.filter((span) => span.location === location),
      REDACTED,
    );
  const redacted: CompletionMessage = { ...message };
  if (typeof message.content === "string") redacted.content = cut(message.content, "content");
  if (typeof message.reasoning_content === "string") {
    redacted.reasoning_content = cut(message.reasoning_content, "reasoning_content");
  }
  if (typeof message.refusal === "string") redacted.refusal = cut(message.refusal, "refusal");
  if (Array.isArray(message.tool_calls)) {
    redacted.tool_calls = message.tool_calls.map((call, index) => {
      const text = call.function?.arguments;
      if (text === undefined) return call;
      return {
        ...call,
        function: { ...call.function, arguments: cut(text, `tool_calls[${index}].function.arguments`) },
      };
    });
  }
  return redacted;
}
