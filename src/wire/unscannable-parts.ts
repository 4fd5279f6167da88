// The parts of a message that no guardrail here can read: images, sounds, videos, files, wherever servers' schemas put them.
// Law: locations and kinds come from closed lists, since they are shown to clients; a part counts once, at its outermost place.
import { isRecord } from "../lib/record.ts";
import { invalidRequest, type Problem } from "../problem.ts";
import type { ChatMessage, CompletionMessage } from "./chat-completion.ts";
import { placeName } from "./message-fields.ts";

export interface UnscannablePart {
  /** `messages[1].content[0]`, `audio` */
  readonly location: string;
  /** a type or a field of the lists below */
  readonly kind: string;
}

/**
 * `type` of a part: OpenAI's chat and responses, Anthropic's, Mistral's, Qwen's, vLLM's (platform.openai.com/docs/api-reference,
 * docs.anthropic.com/en/api/messages, docs.mistral.ai/api, docs.vllm.ai/en/latest/features/multimodal_inputs.html).
 */
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  ...["image_url", "image", "image_file", "input_image", "output_image", "image_embeds", "image_pil"],
  ...["input_audio", "audio", "audio_url", "output_audio", "audio_embeds"],
  ...["video_url", "video", "input_video", "media"],
  ...["file", "file_url", "input_file", "document", "document_url"],
]);

/** Fields of a part that carry media, whatever its `type` says; Gemini's among them (ai.google.dev/api/caching#Part). */
const MEDIA_FIELDS: readonly string[] = [
  ...["image_url", "input_image", "image_file", "image_embeds", "input_audio", "audio_url", "audio_embeds"],
  ...["video_url", "file", "file_url", "file_data", "file_id", "document_url", "inline_data", "inlineData", "fileData"],
];

/** Fields of a message itself that list media: Ollama's and OpenRouter's (github.com/ollama/ollama/blob/main/docs/api.md). */
const MEDIA_LISTS: ReadonlySet<string> = new Set(["images", "audios", "videos", "files"]);

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function kindOf(part: Readonly<Record<string, unknown>>): string | null {
  const type = part["type"];
  if (typeof type === "string" && MEDIA_TYPES.has(type)) return type;
  return MEDIA_FIELDS.find((field) => Object.hasOwn(part, field) && isFilled(part[field])) ?? null;
}

/** Places are told as message-texts.ts tells them. */
function fieldsOf(value: object): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(value).map(([key, inner]: [string, unknown]) => [placeName(key), inner]);
}

function* partsWithin(value: unknown, path: string): Generator<UnscannablePart, void, undefined> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* partsIn(item, `${path}[${index}]`);
  } else if (isRecord(value)) {
    for (const [name, inner] of fieldsOf(value)) yield* partsWithin(inner, `${path}.${name}`);
  }
}

/** Only what stands in a list is a part: elsewhere `file` may be any word. */
function* partsIn(item: unknown, path: string): Generator<UnscannablePart, void, undefined> {
  const kind = isRecord(item) ? kindOf(item) : null;
  if (kind === null) yield* partsWithin(item, path);
  else yield { location: path, kind };
}

/** OpenAI's sound in a turn of the assistant: its data, or the id of an earlier one. Its transcript alone is a text. */
function isSound(value: unknown): boolean {
  return isRecord(value) && (isFilled(value["data"]) || isFilled(value["id"]));
}

function* partsOfMessage(message: object, prefix: string): Generator<UnscannablePart, void, undefined> {
  for (const [key, value] of Object.entries(message)) {
    const path = `${prefix}${placeName(key)}`;
    if (key === "audio" && isSound(value)) {
      yield { location: path, kind: "audio" };
    } else if (MEDIA_LISTS.has(key) && Array.isArray(value)) {
      for (const [index, item] of value.entries())
        if (isFilled(item)) yield { location: `${path}[${index}]`, kind: key };
    } else {
      yield* partsWithin(value, path);
    }
  }
}

/** Of a request, tool messages and earlier turns of the assistant included. */
export function unscannableParts(messages: readonly ChatMessage[]): readonly UnscannablePart[] {
  return messages.flatMap((message, index) => [...partsOfMessage(message, `messages[${index}].`)]);
}

/** Of one choice of an answer. */
export function unscannableAnswerParts(message: CompletionMessage): readonly UnscannablePart[] {
  return [...partsOfMessage(message, "")];
}

/** Under the policy's `unscannable_parts: "reject"`: null if there is none. */
export function unscannableProblem(parts: readonly UnscannablePart[]): Problem | null {
  const [first] = parts;
  if (first === undefined) return null;
  const more = parts.length === 1 ? "" : ` and ${parts.length - 1} more`;
  return invalidRequest(
    `${first.location} (${first.kind})${more}: images, sounds, videos and files can't be checked here, and this project's policy lets nothing unchecked through. Send the text alone, or have the operator set "unscannable_parts": "allow".`,
    first.location,
    "unscannable_content",
  );
}
