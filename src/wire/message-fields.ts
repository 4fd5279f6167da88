// What is no text in a message: field names and type words that we know, and encoded media in their places.
// Law: exempt by a closed list or by place, never by a field's name alone; a server can write what it likes under any name.
import { fnv1a } from "../lib/fnv1a.ts";

/** Names of OpenAI's fields and of other servers' well-known ones. Any other name is text itself: whoever sent it made it up. */
const FIELD_NAMES: ReadonlySet<string> = new Set([
  ...["role", "content", "refusal", "name", "type", "text", "id", "index", "detail", "format"],
  ...["tool_calls", "tool_call_id", "function_call", "function", "custom", "arguments", "input"],
  ...["reasoning", "reasoning_content", "reasoning_details", "thinking", "summary", "signature", "encrypted"],
  ...["audio", "data", "transcript", "expires_at", "input_audio", "audio_url", "video_url"],
  ...["image_url", "images", "url", "file", "file_data", "file_id", "filename", "cache_control", "user"],
  ...["annotations", "url_citation", "title", "start_index", "end_index"],
]);

export function isFieldName(key: string): boolean {
  return FIELD_NAMES.has(key);
}

const MOST_NUMBERS = 0x10000;

/**
 * A field in a location, which clients are shown: its name where it is one that we know, else a number. It depends on the name
 * alone, so that the pieces of a text have one place in a stream, whatever else stands beside each of them.
 */
export function placeName(key: string): string {
  return isFieldName(key) ? key : `~${fnv1a(key) % MOST_NUMBERS}`;
}

export const MESSAGE_ROLES = ["system", "developer", "user", "assistant", "tool", "function"] as const;
const ROLES: ReadonlySet<unknown> = new Set(MESSAGE_ROLES);

/** What a message can call its writer. Any other word there is a text. */
export function isRole(value: unknown): boolean {
  return value === null || ROLES.has(value);
}

const KIND_FIELDS: ReadonlySet<string> = new Set(["type", "format", "detail"]);
const KINDS: ReadonlySet<string> = new Set([
  ...["text", "output_text", "refusal", "function", "custom", "url_citation", "ephemeral"],
  ...["image_url", "input_audio", "audio_url", "video_url", "file", "thinking", "redacted_thinking"],
  ...["reasoning.text", "reasoning.summary", "reasoning.encrypted"],
  ...["auto", "low", "high", "wav", "mp3", "flac", "opus", "pcm16"],
]);

/** `type: "text"` and the like. */
export function isKind(key: string, text: string): boolean {
  return KIND_FIELDS.has(key) && KINDS.has(text);
}

/** The header of a WAV file alone is 44 bytes, and no picture is smaller: shorter texts are read, encoded or not. */
const LEAST_ENCODED_CHARACTERS = 60;
const BASE64 = /^(?:data:[\w.+/;=-]{1,100},)?[A-Za-z0-9+/]+={0,2}$/;

/** Base64 or a `data:` URL of it, with nothing else in it: no blank, so no sentence. */
export function isEncoded(text: string): boolean {
  return text.length >= LEAST_ENCODED_CHARACTERS && BASE64.test(text);
}

/** Where a client sends media (platform.openai.com/docs/api-reference/chat/create). */
const CLIENT_MEDIA = [
  "image_url",
  "image_url.url",
  "input_audio.data",
  "file.file_data",
  "audio_url.url",
  "video_url.url",
];

/**
 * Media are no text. In an answer they have one place: sound that the server made of its transcript, which is read. What a
 * model writes into any other place is a text that only looks like one.
 */
export function isMedia(text: string, path: string, by: "client" | "model"): boolean {
  if (!isEncoded(text)) return false;
  return by === "model" ? path === "audio.data" : CLIENT_MEDIA.some((place) => path.endsWith(`.${place}`));
}
