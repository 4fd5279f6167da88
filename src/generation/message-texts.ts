// Every text of a message, wherever in it: content and its parts, reasoning, refusals, tool calls, fields we don't know.
// Law: what is not listed here as something else counts as text, so that nothing a server may invent leaves unchecked.

/** Ids, names and encoded media. Everything else that is a string is text. */
const NOT_TEXT = new Set([
  ...["role", "type", "id", "name", "tool_call_id", "index", "format", "detail", "signature"],
  ...["image_url", "input_audio", "file", "url", "data", "cache_control"],
]);

/** The order in which texts are read; unknown fields come last. */
const FIELDS = ["content", "reasoning_content", "refusal", "tool_calls"];

/** Gives each text what it becomes. `location` is its path: `content[0].text`, `tool_calls[0].function.arguments`. */
export type ChangeText = (text: string, location: string) => string;

function place(key: string): number {
  const found = FIELDS.indexOf(key);
  return found < 0 ? FIELDS.length : found;
}

function changed(value: unknown, location: string, change: ChangeText): unknown {
  if (typeof value === "string") return change(value, location);
  if (Array.isArray(value)) return value.map((item, index) => changed(item, `${location}[${index}]`, change));
  return typeof value === "object" && value !== null ? changedFields(value, `${location}.`, change) : value;
}

function changedFields(fields: object, prefix: string, change: ChangeText): object {
  return Object.fromEntries(
    Object.entries(fields)
      .toSorted(([left], [right]) => place(left) - place(right))
      .map(([key, value]) => [key, NOT_TEXT.has(key) ? value : changed(value, `${prefix}${key}`, change)]),
  );
}

/** A copy of the message with every text changed. */
export function mapTexts<Message extends object>(message: Message, change: ChangeText): Message {
  return { ...message, ...changedFields(message, "", change) };
}

export interface PlacedText {
  readonly text: string;
  readonly location: string;
}

/** The texts that are not empty, each with its place below `prefix`. */
export function textsOf(message: object, prefix: string): readonly PlacedText[] {
  const texts: PlacedText[] = [];
  changedFields(message, prefix, (text, location) => {
    if (text !== "") texts.push({ text, location });
    return text;
  });
  return texts;
}
