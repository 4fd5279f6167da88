// From the wire to the exchange that guardrails read.
// Law: every text is in it: parts, tool calls with names and ids, reasoning, refusals, addresses, fields we do not know.
import type { Exchange, ExchangeText, Role } from "../guardrail/exchange.ts";
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import { textsOf } from "../wire/message-texts.ts";

function roleOf(role: ChatMessage["role"]): Role {
  if (role === "developer") return "system";
  return role === "function" ? "tool" : role;
}

/** A conversation is read before the model is asked and with every answer; an entry lives no longer than its messages. */
const known = new WeakMap<readonly ChatMessage[], readonly ExchangeText[]>();

/** The texts of a conversation in order, each with its place. Encoded images, sounds and files have none. */
export function conversationTexts(messages: readonly ChatMessage[]): readonly ExchangeText[] {
  const texts =
    known.get(messages) ??
    messages.flatMap((message, index) =>
      textsOf(message, `messages[${index}].`, "client").map((placed) => ({ role: roleOf(message.role), ...placed })),
    );
  known.set(messages, texts);
  return texts;
}

/** The texts of one choice, each under its field's name. Empty ones are left out. */
export function answerTexts(message: CompletionMessage): readonly ExchangeText[] {
  return textsOf(message, "", "model").map((placed) => ({ role: "assistant", ...placed }));
}

export function exchangeOf(
  messages: readonly ChatMessage[],
  answer: CompletionMessage | null,
  guidance: readonly string[],
): Exchange {
  return { conversation: conversationTexts(messages), answer: answer === null ? [] : answerTexts(answer), guidance };
}
