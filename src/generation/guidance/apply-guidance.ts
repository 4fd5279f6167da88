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

/** The sandwich, in the language of the user's last turn. */
export const sandwich: Guide = (request) => {
  const place = request.messages.findLastIndex(({ role }) => role === "user");
  const turn = request.messages[place];
  if (turn === undefined) return { request, guidance: null };
  const guidance = GUIDANCE_TEXTS[languageOf(contentText(turn.content))];
  const guided = { ...turn, content: surround(turn.content, guidance) };
  return { request: { ...request, messages: request.messages.with(place, guided) }, guidance };
};

/** No guidance, for policies that switch it off. */
export const unguided: Guide = (request) => ({ request, guidance: null });
