// The texts of a delta, under the places they will have in the finished message. Law: every text has a place, also in fields
// we do not know, and puts back exactly what was taken out.
import { isRecord } from "../../lib/record.ts";
import type { Fields } from "../../wire/chat-chunk.ts";
import { mapTexts, type PlacedText, textsOf } from "../../wire/message-texts.ts";

const ARGUMENTS = /^tool_calls\[(?<index>\d+)\]\.function\.arguments$/;
const PLAIN_FIELDS: ReadonlySet<string> = new Set(["content", "reasoning_content", "reasoning", "refusal"]);

/** The one field that an object has, beside fields that are null: some servers repeat those with every token. */
function onlyField(fields: Fields): readonly [string, unknown] | null {
  let found: readonly [string, unknown] | null = null;
  for (const key in fields) {
    const value = fields[key];
    if (value === null) continue;
    if (found !== null) return null;
    found = [key, value];
  }
  return found;
}

/** One more piece of the arguments of one call. */
function plainArguments(calls: unknown): PlacedText | null {
  if (!Array.isArray(calls) || calls.length !== 1 || !isRecord(calls[0])) return null;
  const { index, ...rest } = calls[0];
  const [name, called] = onlyField(rest) ?? [];
  if (typeof index !== "number" || name !== "function" || !isRecord(called)) return null;
  const [key, text] = onlyField(called) ?? [];
  if (key !== "arguments" || typeof text !== "string") return null;
  return { text, location: `tool_calls[${index}].function.arguments` };
}

/** The only text of a delta that has nothing else in it: what most events are. */
export function plainText(delta: Fields): PlacedText | null {
  const [key, value] = onlyField(delta) ?? [];
  if (key === "tool_calls") return plainArguments(value);
  return key !== undefined && typeof value === "string" && PLAIN_FIELDS.has(key)
    ? { text: value, location: key }
    : null;
}

/** The delta that carries one more piece of a text; null for texts that never come in pieces. */
export function plainDelta(location: string, text: string): Fields | null {
  if (PLAIN_FIELDS.has(location)) return { [location]: text };
  const index = ARGUMENTS.exec(location)?.groups?.["index"];
  return index === undefined ? null : { tool_calls: [{ index: Number(index), function: { arguments: text } }] };
}

/** In a delta a tool call stands anywhere in its list and tells its place by `index`. */
function places(delta: Fields): (location: string) => string {
  const calls: unknown = delta["tool_calls"];
  if (!Array.isArray(calls)) return (location) => location;
  const indices = calls.map((call: unknown, slot) => {
    const index = isRecord(call) ? call["index"] : undefined;
    return typeof index === "number" ? index : slot;
  });
  return (location) =>
    location.replace(/^tool_calls\[(\d+)\]/, (_, slot: string) => `tool_calls[${indices[Number(slot)] ?? slot}]`);
}

export function deltaTexts(delta: Fields): readonly PlacedText[] {
  const placeOf = places(delta);
  return textsOf(delta, "", "model").map(({ text, location }) => ({ text, location: placeOf(location) }));
}

export function withDeltaTexts(delta: Fields, change: (text: string, location: string) => string): Fields {
  const placeOf = places(delta);
  return mapTexts(delta, (text, location) => change(text, placeOf(location)));
}
