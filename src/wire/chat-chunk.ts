// One event of a streamed chat completion (platform.openai.com/docs/api-reference/chat-streaming).
// Law: loose — what is no chunk is told apart by kind, and unknown fields stay where they are.
import { isNestedDeeperThan } from "../lib/nesting.ts";
import { parseJson } from "../lib/parse-json.ts";
import { isRecord } from "../lib/record.ts";
import { MOST_LEVELS } from "./chat-completion.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface ChunkChoice {
  readonly index: number;
  readonly delta: Fields;
  readonly finishReason: string | null;
  /** everything else but `logprobs`: unknown fields, and notes that only we may write */
  readonly rest: Fields;
  /** undefined where the chunk has none */
  readonly logprobs: unknown;
}

export interface ChatChunk {
  /** `id`, `created`, `model` and the like, and unknown fields; neither choices nor usage */
  readonly head: Fields;
  readonly choices: readonly ChunkChoice[];
  readonly usage: Fields | null;
}

export type StreamEvent =
  | { readonly kind: "chunk"; readonly chunk: ChatChunk }
  /** `{"error": …}`, as servers send it when they fail in the middle */
  | { readonly kind: "error"; readonly body: string }
  /** JSON, but nothing that a chat completion has: a ping, for example */
  | { readonly kind: "other" }
  | { readonly kind: "unreadable" };

const NOTHING: Fields = {};
const CHOICE_FIELDS: ReadonlySet<string> = new Set(["index", "delta", "finish_reason", "logprobs"]);
const BESIDE_HEAD: ReadonlySet<string> = new Set([
  ...["choices", "usage"],
  // The padding by which OpenAI hides lengths has no meaning once events are put together anew.
  "obfuscation",
]);

/** What `...rest` would be. That calls into the engine's runtime for each event, and most have no such field. */
function without(names: ReadonlySet<string>, fields: Fields): Fields {
  let rest: Record<string, unknown> | null = null;
  for (const key in fields) {
    if (names.has(key)) continue;
    // Assigned it would become the prototype.
    if (key === "__proto__") return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
    rest ??= {};
    rest[key] = fields[key];
  }
  return rest ?? NOTHING;
}

function choiceOf(value: unknown): ChunkChoice | null {
  if (!isRecord(value)) return null;
  const { index = 0, delta = NOTHING, finish_reason: finish = null, logprobs } = value;
  if (typeof index !== "number" || !Number.isInteger(index) || index < 0) return null;
  if (delta !== null && !isRecord(delta)) return null;
  return {
    index,
    delta: delta ?? NOTHING,
    // Some servers say "" with every chunk but the last.
    finishReason: typeof finish === "string" && finish !== "" ? finish : null,
    rest: without(CHOICE_FIELDS, value),
    logprobs,
  };
}

/** @param data the payload of one `data:` line, `[DONE]` excepted */
export function readStreamEvent(data: string): StreamEvent {
  const value = parseJson(data);
  // Every level has two brackets, and an ordinary event is shorter than so many.
  if (data.length > 2 * MOST_LEVELS && isNestedDeeperThan(value, MOST_LEVELS)) return { kind: "unreadable" };
  if (!isRecord(value)) return { kind: "unreadable" };
  if (value["error"] !== undefined && value["error"] !== null) return { kind: "error", body: data };
  const { choices, usage } = value;
  if (choices === undefined && usage === undefined) return { kind: "other" };
  if (choices !== undefined && choices !== null && !Array.isArray(choices)) return { kind: "unreadable" };
  const read = (choices ?? []).map(choiceOf);
  const sound = read.filter((choice) => choice !== null);
  if (sound.length < read.length) return { kind: "unreadable" };
  return {
    kind: "chunk",
    chunk: { head: without(BESIDE_HEAD, value), choices: sound, usage: isRecord(usage) ? usage : null },
  };
}
