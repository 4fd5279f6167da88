// The text of a message's content, whichever of OpenAI's shapes it has. Parts without text (images, audio, files) give none.
import type { ChatMessage } from "./chat-completion.ts";

export function contentText(content: ChatMessage["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? []).flatMap(({ text }) => (text === undefined ? [] : [text])).join("\n");
}
