// An exchange as plain text, for prompts that quote it. Law: what was said and what was answered, nothing of ours.
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import { contentText } from "../wire/content-text.ts";

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

/** The answer's text; tool calls as their arguments when there is no other text. */
export function answerText(answer: CompletionMessage): string {
  const texts = [answer.content, answer.refusal, answer.reasoning_content].filter(
    (text): text is string => typeof text === "string" && text !== "",
  );
  const calls = (answer.tool_calls ?? []).map(
    (call) => `${call.function?.name ?? ""}(${call.function?.arguments ?? ""})`,
  );
  return [...texts, ...calls].join("\n");
}

/** The last thing the user said, for language and for grouping by prompt. */
export function lastUserText(messages: readonly ChatMessage[]): string {
  return contentText(messages.findLast(({ role }) => role === "user")?.content);
}
