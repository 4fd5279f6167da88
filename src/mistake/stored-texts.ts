// Texts that are objects: alone under a key, or one of many in a segment of the archive, named `KEY#OFFSET,LENGTH` in bytes.
// Law: whoever reads or erases a text goes through here, so that nobody deletes a segment for the sake of one of its texts.
import type { ObjectStore } from "../lib/object-store.ts";
import type { StoredExchange } from "./mistake.ts";

export interface SegmentText {
  readonly segment: string;
  readonly offset: number;
  readonly length: number;
}

/** One text that is gone hides no other: its mistake is listed all the same, and what is empty is in no release. */
export const GONE_EXCHANGE: StoredExchange = { messages: [], answer: { role: "assistant", content: "" } };

const POINTER = /^([^#]+)#(\d+),(\d+)$/;
const CONTENT_TYPE = "application/jsonl; charset=utf-8";
const BLANK = 0x20;
const NEWLINE = 0x0a;
/** Two that erase from one segment at once are rare, three rarer. */
const MOST_ATTEMPTS = 8;

export function segmentPointer({ segment, offset, length }: SegmentText): string {
  return `${segment}#${offset},${length}`;
}

/** Null for the key of an object of its own. */
export function readPointer(key: string): SegmentText | null {
  const [, segment, offset, length] = POINTER.exec(key) ?? [];
  return segment === undefined ? null : { segment, offset: Number(offset), length: Number(length) };
}

function bySegment(keys: readonly string[]): {
  readonly alone: readonly string[];
  readonly segments: ReadonlyMap<string, readonly SegmentText[]>;
} {
  const segments = new Map<string, SegmentText[]>();
  const alone = keys.filter((key) => {
    const text = readPointer(key);
    if (text !== null) segments.set(text.segment, [...(segments.get(text.segment) ?? []), text]);
    return text === null;
  });
  return { alone, segments };
}

/** What is gone is not in the map. Neighbours in a segment are read together. */
export async function readStoredTexts(
  objects: Pick<ObjectStore, "getText" | "getRange">,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { alone, segments } = bySegment(keys);
  const found = new Map<string, string>();
  const readAlone = alone.map(async (key) => {
    const text = await objects.getText(key);
    if (text !== null) found.set(key, text);
  });
  const readSegments = [...segments].map(async ([segment, texts]) => {
    const begin = Math.min(...texts.map(({ offset }) => offset));
    const end = Math.max(...texts.map(({ offset, length }) => offset + length));
    const bytes = await objects.getRange(segment, begin, end - begin);
    for (const text of bytes === null ? [] : texts) {
      const own = bytes?.subarray(text.offset - begin, text.offset - begin + text.length);
      const read = new TextDecoder().decode(own).trim();
      if (read !== "") found.set(segmentPointer(text), read);
    }
  });
  await Promise.all([...readAlone, ...readSegments]);
  return found;
}

/**
 * Deletes what is an object of its own, and blanks what is part of a segment: the others keep their places, so that no row
 * needs to change. A segment without any text left is deleted. Safe to repeat.
 */
export async function eraseStoredTexts(
  objects: Pick<ObjectStore, "delete" | "get" | "replace">,
  keys: readonly string[],
): Promise<void> {
  const { alone, segments } = bySegment(keys);
  await Promise.all(
    alone.map(async (key) => {
      await objects.delete(key);
    }),
  );
  for (const [segment, texts] of segments) await blank(objects, segment, texts);
}

async function blank(
  objects: Pick<ObjectStore, "delete" | "get" | "replace">,
  segment: string,
  texts: readonly SegmentText[],
): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const found = await objects.get(segment);
    if (found === null) return;
    const bytes = new Uint8Array(await new Response(found.body).arrayBuffer());
    for (const { offset, length } of texts) bytes.fill(BLANK, offset, offset + length);
    if (bytes.every((byte) => byte === BLANK || byte === NEWLINE)) {
      await objects.delete(segment);
      return;
    }
    if (await objects.replace(segment, bytes, CONTENT_TYPE, found.version)) return;
  }
  throw new Error(`the segment ${segment} kept changing while texts were erased from it`);
}

/** One text a line; where each of them lies, in the order given. */
export function segmentOf(
  segment: string,
  texts: readonly string[],
): { readonly bytes: Uint8Array; readonly contentType: string; readonly places: readonly SegmentText[] } {
  const encoder = new TextEncoder();
  let offset = 0;
  const places = texts.map((text) => {
    const length = encoder.encode(text).byteLength;
    const place = { segment, offset, length };
    offset += length + 1;
    return place;
  });
  return { bytes: encoder.encode(texts.map((text) => `${text}\n`).join("")), contentType: CONTENT_TYPE, places };
}
