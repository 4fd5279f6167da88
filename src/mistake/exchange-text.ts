// An exchange as plain text, for prompts that quote it. Law: what was said and what was answered, nothing of ours.
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import { contentText } from "../wire/content-text.ts";
import { isEncoded } from "../wire/message-fields.ts";
import { type PlacedText, textsOf } from "../wire/message-texts.ts";

/** One message alone as its text; several as `role: text` lines. System prompts belong to what the answer is judged by. */
export function conversationText(messages: readonly ChatMessage[]): string {
  const spoken = messages.flatMap(({ role, content }) => {
    const text = contentText(content);
    return text === "" ? [] : [{ role, text }];
  });
  const [only] = spoken;
  if (spoken.length === 1 && only !== undefined) return only.text;
  return spoken.map(({ role, text }) => `${role}: ${text}`).join("\n");
}

/** An id, or the name of a field: quoted only where it reads like more than that. */
const LABEL = /^[\w.:-]{1,80}$/;

function isNoise({ text, location }: PlacedText): boolean {
  if (/(?:^|\.)(?:signature|data)$/.test(location)) return isEncoded(text);
  return /(?:^|\.)id$|#name$/.test(location) && LABEL.test(text);
}

/**
 * Every text of the answer that guardrails read, each once: content and reasoning, then refusals and tool calls as
 * `name(arguments)`, then the rest. Only ids, plain names of fields and encoded signatures are left out.
 */
export function answerText(answer: CompletionMessage): string {
  const texts = textsOf(answer, "", "model").filter((placed) => !isNoise(placed));
  const lines = texts.flatMap(({ text, location }, index) => {
    const before = texts[index - 1];
    const after = texts[index + 1];
    if (after !== undefined && isCall(location, after.location)) return [];
    return before !== undefined && isCall(before.location, location) ? [`${before.text}(${text})`] : [text];
  });
  return [...new Set(lines)].join("\n");
}

/** Whether the second place holds what the function named in the first one is called with. */
function isCall(first: string, second: string): boolean {
  if (!first.endsWith(".name")) return false;
  const parent = first.slice(0, -"name".length);
  return second === `${parent}arguments` || second === `${parent}input`;
}

/**
 * All that was sent but the system prompt, which is the client's own: what a prompt is known by. Of one turn it is that turn, and
 * nobody can put another request before a known one.
 */
export function promptText(messages: readonly ChatMessage[]): string {
  return messages
    .filter(({ role }) => role !== "system" && role !== "developer")
    .map((message, place) => {
      const said = textsOf(message, "", "client").map(({ text }) => text);
      return (place === 0 && message.role === "user" ? said : [message.role, ...said]).join("\n");
    })
    .join("\n");
}

/** The last thing the user said, for language and for grouping by prompt. */
export function lastUserText(messages: readonly ChatMessage[]): string {
  return contentText(messages.findLast(({ role }) => role === "user")?.content);
}
