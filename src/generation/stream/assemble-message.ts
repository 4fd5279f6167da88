// The message that the deltas of one choice add up to. Law: as an OpenAI client puts it together — texts are joined, list items
// meet by their `index`, and what a server repeats with every chunk stands there once.
import { isRecord } from "../../lib/record.ts";
import type { Fields } from "../../wire/chat-chunk.ts";
import { completionMessageSchema, type CompletionMessage } from "../../wire/chat-completion.ts";

/** Said once, or again and again; never in pieces. */
const WHOLE_FIELDS: ReadonlySet<string> = new Set(["role", "type", "id", "format", "call_id"]);

/** A place beyond is none: an upstream must not be able to make a list of millions. */
const MOST_CALLS = 1_000;

function indexOf(item: unknown): number | null {
  const index = isRecord(item) ? item["index"] : undefined;
  return typeof index === "number" ? index : null;
}

function mergeLists(into: readonly unknown[], from: readonly unknown[]): unknown[] {
  const merged = [...into];
  for (const item of from) {
    const index = indexOf(item);
    const place = index === null ? -1 : merged.findIndex((known) => indexOf(known) === index);
    if (place < 0) merged.push(item);
    else merged[place] = mergeValues("", merged[place], item);
  }
  return merged;
}

function mergeValues(key: string, into: unknown, from: unknown): unknown {
  if (from === undefined || from === null) return into ?? from;
  if (typeof into === "string" && typeof from === "string") {
    if (WHOLE_FIELDS.has(key)) return from === "" ? into : from;
    // A name that comes again is the same name; one that goes on is longer.
    return key === "name" && into === from ? into : into + from;
  }
  if (Array.isArray(into) && Array.isArray(from)) return mergeLists(into, from);
  return isRecord(into) && isRecord(from) ? mergeDeltas(into, from) : from;
}

export function mergeDeltas(into: Fields, from: Fields): Fields {
  // Through a map, since a field may be called `__proto__`.
  const merged = new Map(Object.entries(into));
  for (const [key, value] of Object.entries(from)) merged.set(key, mergeValues(key, merged.get(key), value));
  return Object.fromEntries(merged);
}

/** Calls at the places that their indices name, so that a place in the stream is a place in the message. */
function callsInPlace(calls: readonly unknown[]): unknown[] {
  const placed: unknown[] = [];
  for (const call of calls) {
    if (!isRecord(call)) continue;
    const { index, ...rest } = call;
    const isPlace = typeof index === "number" && Number.isInteger(index) && index >= 0 && index < MOST_CALLS;
    const place = isPlace ? index : placed.length;
    while (placed.length < place) placed.push({});
    placed[place] = rest;
  }
  return placed;
}

/** @param merged all deltas, merged; a shape that no message has is kept under a field that nobody knows */
export function messageOf(merged: Fields): CompletionMessage {
  const calls: unknown = merged["tool_calls"];
  const message = Array.isArray(calls) ? { ...merged, tool_calls: callsInPlace(calls) } : merged;
  const parsed = completionMessageSchema.safeParse(message);
  return parsed.success ? parsed.data : { role: "assistant", unreadable: message };
}
