// From the wire to the exchange that guardrails read. Law: every text is in it — parts, tool calls, reasoning, refusals.
import type { Exchange, ExchangeText, Role } from "../guardrail/exchange.ts";
import type { ChatMessage, CompletionMessage, ToolCall } from "../wire/chat-completion.ts";

function roleOf(role: ChatMessage["role"]): Role {
  if (role === "developer") return "system";
  return role === "function" ? "tool" : role;
}

function toolCallTexts(calls: readonly ToolCall[] | null | undefined, prefix: string): ExchangeText[] {
  return (calls ?? []).flatMap((call, index) => {
    const text = call.function?.arguments ?? "";
    return text === ""
      ? []
      : [{ role: "assistant" as const, text, location: `${prefix}tool_calls[${index}].function.arguments` }];
  });
}

/** The texts of a conversation in order, each with its place. Parts without text (images, audio) have none. */
export function conversationTexts(messages: readonly ChatMessage[]): readonly ExchangeText[] {
  return messages.flatMap((message, index) => {
    const role = roleOf(message.role);
    const at = `messages[${index}]`;
    const texts: ExchangeText[] = [];
    if (typeof message.content === "string") texts.push({ role, text: message.content, location: `${at}.content` });
    else {
      for (const [part, { text }] of (message.content ?? []).entries()) {
        if (text !== undefined) texts.push({ role, text, location: `${at}.content[${part}].text` });
      }
    }
    return [...texts, ...toolCallTexts(message.tool_calls, `${at}.`)];
  });
}

/** The texts of one choice, each under its field's name. Empty ones are left out. */
export function answerTexts(message: CompletionMessage): readonly ExchangeText[] {
  const fields = [
    ["content", message.content],
    ["reasoning_content", message.reasoning_content],
    ["refusal", message.refusal],
  ] as const;
  const texts = fields.flatMap(([location, text]) =>
    text === null || text === undefined || text === "" ? [] : [{ role: "assistant" as const, text, location }],
  );
  return [...texts, ...toolCallTexts(message.tool_calls, "")];
}

export function exchangeOf(
  messages: readonly ChatMessage[],
  answer: CompletionMessage | null,
  guidance: readonly string[],
): Exchange {
  return { conversation: conversationTexts(messages), answer: answer === null ? [] : answerTexts(answer), guidance };
}
