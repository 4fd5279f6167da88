// Every text of a message, wherever in it: content and its parts, reasoning, refusals, tool calls with their names and ids,
// addresses, fields we don't know and the names of those fields.
// Law: what message-fields.ts does not list as something else counts as text, so that nothing a server may invent leaves unchecked.
import { isFieldName, isKind, isMedia, isRole, placeName } from "./message-fields.ts";

/** Who wrote the message: what is encoded media depends on it. */
export type Writer = "client" | "model";

/** The order in which texts are read; other fields come last. */
const FIELDS = [
  ...["content", "reasoning_content", "reasoning", "refusal", "tool_calls", "function_call"],
  ...["id", "name", "arguments", "input"],
];

/**
 * Gives each text what it becomes. `location` is its path: `content[0].text`, `tool_calls[0].function.arguments`. Locations
 * are shown to clients, so a field whose name we don't know stands in them as `~` and a number, its name as `~7#name`.
 */
export type ChangeText = (text: string, location: string) => string;

function place(key: string): number {
  const found = FIELDS.indexOf(key);
  return found < 0 ? FIELDS.length : found;
}

class Walk {
  readonly #by: Writer;
  readonly #prefix: string;
  readonly #change: ChangeText;

  constructor(by: Writer, prefix: string, change: ChangeText) {
    this.#by = by;
    this.#prefix = prefix;
    this.#change = change;
  }

  fields(fields: object, path: string): object {
    return Object.fromEntries(
      Object.entries(fields)
        .map(([key, value]: [string, unknown]) => ({ key, value }))
        .toSorted((left, right) => place(left.key) - place(right.key))
        .map(({ key, value }) => [key, this.#field(key, value, path)]),
    );
  }

  #field(key: string, value: unknown, path: string): unknown {
    // The role is the message's own; no other field of that name is exempt.
    if (path === "" && key === "role" && isRole(value)) return value;
    if (typeof value === "string" && isKind(key, value)) return value;
    if (isFieldName(key)) return this.#value(value, `${path}${key}`);
    const unnamed = `${path}${placeName(key)}`;
    // Read, and left as it is: a name can't be cut without losing what stands under it.
    this.#change(key, `${this.#prefix}${unnamed}#name`);
    return this.#value(value, unnamed);
  }

  #value(value: unknown, path: string): unknown {
    if (typeof value === "string") {
      return isMedia(value, path, this.#by) ? value : this.#change(value, `${this.#prefix}${path}`);
    }
    if (Array.isArray(value)) return value.map((item, index) => this.#value(item, `${path}[${index}]`));
    return typeof value === "object" && value !== null ? this.fields(value, `${path}.`) : value;
  }
}

/** A copy of the model's message with every text changed, but for the names of its fields. */
export function mapTexts<Message extends object>(message: Message, change: ChangeText): Message {
  return { ...message, ...new Walk("model", "", change).fields(message, "") };
}

export interface PlacedText {
  readonly text: string;
  readonly location: string;
}

/** The content of a message that is a role and a text; null for any other. Most are, and a walk takes ten times as long. */
function onlyContent(message: object): string | null {
  let content: string | null = null;
  for (const [key, value] of Object.entries<unknown>({ ...message })) {
    if (key === "content" && typeof value === "string") content = value;
    else if (!(key === "role" && isRole(value)) && (value !== null || !isFieldName(key))) return null;
  }
  return content;
}

/** The texts that are not empty, each with its place below `prefix`. */
export function textsOf(message: object, prefix: string, by: Writer): readonly PlacedText[] {
  const content = onlyContent(message);
  if (content !== null) return content === "" ? [] : [{ text: content, location: `${prefix}content` }];
  const texts: PlacedText[] = [];
  const note: ChangeText = (text, location) => {
    if (text !== "") texts.push({ text, location });
    return text;
  };
  new Walk(by, prefix, note).fields(message, "");
  return texts;
}
