// From the wire to the exchange that guardrails read. Law: every text is in it — parts, tool calls, reasoning, refusals.
import type { Exchange, ExchangeText, Role } from "../guardrail/exchange.ts";
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import { textsOf } from "./message-texts.ts";

function roleOf(role: ChatMessage["role"]): Role {
  if (role === "developer") return "system";
  return role === "function" ? "tool" : role;
}

/** The texts of a conversation in order, each with its place. Parts without text (images, audio) have none. */
export function conversationTexts(messages: readonly ChatMessage[]): readonly ExchangeText[] {
  return messages.flatMap((message, index) =>
    textsOf(message, `messages[${index}].`).map((placed) => ({ role: roleOf(message.role), ...placed })),
  );
}

/** The texts of one choice, each under its field's name. Empty ones are left out. */
export function answerTexts(message: CompletionMessage): readonly ExchangeText[] {
  return textsOf(message, "").map((placed) => ({ role: "assistant", ...placed }));
}

export function exchangeOf(
  messages: readonly ChatMessage[],
  answer: CompletionMessage | null,
  guidance: readonly string[],
): Exchange {
  return { conversation: conversationTexts(messages), answer: answer === null ? [] : answerTexts(answer), guidance };
}
