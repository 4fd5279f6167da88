// Guided generation (stage 4): puts the guidance around the user's last turn.
// Law: nothing the client sent is changed or moved — system prompt, tools, JSON mode, images and earlier turns stay as they are.
import { languageOf } from "../../lib/language.ts";
import type { ChatMessage, ChatRequest, ContentPart } from "../../wire/chat-completion.ts";
import { contentText } from "../../wire/content-text.ts";
import { GUIDANCE_TEXTS, type GuidanceText } from "./guidance-texts.ts";

export interface GuidedRequest {
  readonly request: ChatRequest;
  /** null where there was no user turn to put guidance around */
  readonly guidance: GuidanceText | null;
}

export type Guide = (request: ChatRequest) => GuidedRequest;

function surround(content: ChatMessage["content"], { before, after }: GuidanceText): string | ContentPart[] {
  if (Array.isArray(content)) return [{ type: "text", text: before }, ...content, { type: "text", text: after }];
  return `${before}\n\n${content ?? ""}\n\n${after}`;
}

/** Where guidance goes: the user's last turn; undefined where there is none. */
export function lastUserTurn({ messages }: ChatRequest): ChatMessage | undefined {
  return messages.findLast(({ role }) => role === "user");
}

/** A request with a text before and after the user's last turn. */
export function surroundLastTurn(request: ChatRequest, guidance: GuidanceText): GuidedRequest {
  const place = request.messages.findLastIndex(({ role }) => role === "user");
  const turn = request.messages[place];
  if (turn === undefined) return { request, guidance: null };
  const guided = { ...turn, content: surround(turn.content, guidance) };
  return { request: { ...request, messages: request.messages.with(place, guided) }, guidance };
}

/** The sandwich, in the language of the user's last turn. */
export const sandwich: Guide = (request) =>
  surroundLastTurn(request, GUIDANCE_TEXTS[languageOf(contentText(lastUserTurn(request)?.content))]);

/** No guidance, for policies that switch it off. */
export const unguided: Guide = (request) => ({ request, guidance: null });
