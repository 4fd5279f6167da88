// Server-sent events from bytes: whatever way they are cut, written or broken, the payloads are those of the standard.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventStreamDecoder } from "../../src/wire/event-stream-decoder.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Every payload of pieces that came one after the other, or null for an event that is too large. */
function decoded(pieces: readonly Uint8Array[], most?: number): readonly string[] | null {
  const decoder = new EventStreamDecoder(most);
  const payloads: string[] = [];
  for (const piece of pieces) {
    const pushed = decoder.push(piece);
    if (!pushed.ok) return null;
    payloads.push(...pushed.value);
  }
  return [...payloads, ...decoder.end()];
}

/** Cut before each of these offsets. */
function cut(bytes: Uint8Array, offsets: readonly number[]): readonly Uint8Array[] {
  const places = [0, ...offsets.toSorted((left, right) => left - right), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index] ?? 0, end));
}

const FORMS: readonly (readonly [string, string, readonly string[]])[] = [
  ["OpenAI's form", 'data: {"a":1}\n\ndata: {"a":2}\n\ndata: [DONE]\n\n', ['{"a":1}', '{"a":2}', "[DONE]"]],
  ["CRLF", 'data: {"a":1}\r\n\r\ndata: [DONE]\r\n\r\n', ['{"a":1}', "[DONE]"]],
  ["CR", 'data: {"a":1}\r\rdata: [DONE]\r\r', ['{"a":1}', "[DONE]"]],
  ["all three", "data: 1\r\n\ndata: 2\n\r\ndata: 3\r\r\ndata: 4\n\n", ["1", "2", "3", "4"]],
  ["no space after the colon", 'data:{"a":1}\n\n', ['{"a":1}']],
  ["two spaces after the colon, of which one is the form's", "data:  1\n\n", [" 1"]],
  ["comments", ": keep-alive\n\n: more\ndata: 1\n: between\n\n:\n\n", ["1"]],
  ["other fields", "event: chunk\nid: 7\nretry: 10\ndata: 1\nunknown: x\nalone\n\n", ["1"]],
  ["an event name of its own", 'event: error\ndata: {"error":{"message":"m"}}\n\n', ['{"error":{"message":"m"}}']],
  ["an event in many lines", 'data: {\ndata: "a":1\ndata: }\n\n', ['{\n"a":1\n}']],
  ["fields without data", "event: ping\n\ndata\n\ndata:\n\nid: 1\n\n", []],
  ["a byte order mark", "\u{feff}data: 1\n\n", ["1"]],
  ["text beyond ASCII", 'data: {"a":"é 好 🙂"}\n\n', ['{"a":"é 好 🙂"}']],
  ["a field that only begins like data", "datax: 1\n\n data: 2\n\ndata: 3\n\n", ["3"]],
  ["no last empty line", 'data: 1\n\ndata: {"a":2}\n', ["1", '{"a":2}']],
  ["no last line break", 'data: 1\n\ndata: {"a":2}', ["1", '{"a":2}']],
  ["a [DONE] without an end", "data: 1\n\ndata: [DONE]", ["1", "[DONE]"]],
  ["half an event at the end", 'data: 1\n\ndata: {"a":', ["1"]],
  ["half a [DONE] at the end", "data: 1\n\ndata: [DO", ["1"]],
  ["half a field name at the end", "data: 1\n\nda", ["1"]],
  ["nothing", "", []],
  ["a page of HTML", "<html>\n<body>data: 1</body>\n\n</html>\n", []],
];

describe("EventStreamDecoder", () => {
  it.each(FORMS)("reads %s", (_name, text, expected) => {
    expect(decoded([bytesOf(text)])).toEqual(expected);
  });

  it.each(FORMS)("reads %s cut at every byte, and at each one", (_name, text, expected) => {
    const bytes = bytesOf(text);
    const every = Array.from(bytes, (_, index) => index);
    expect(decoded(cut(bytes, every))).toEqual(expected);
    for (const place of every) expect(decoded(cut(bytes, [place]))).toEqual(expected);
  });

  it("gives the same payloads however the bytes are cut", () => {
    const line = fc.oneof(
      fc.constantFrom("data: ", "data:", "data", ": x", "event: y", "id: 1", "", "\u{feff}", "[DONE]", "data: [DONE]"),
      fc.json().map((json) => `data: ${json}`),
      fc.string({ unit: "binary" }),
    );
    const text = fc
      .array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r", "\n\n")))
      .map((lines) => lines.flat().join(""));
    const anyBytes = fc.uint8Array({ maxLength: 60 });
    const bytes = fc.oneof(text.map(bytesOf), anyBytes);
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 20 }), (whole, places) => {
        const offsets = places.map((place) => place % (whole.length + 1));
        expect(decoded(cut(whole, offsets))).toEqual(decoded([whole]));
      }),
      { numRuns: 500 },
    );
  });

  it("takes a byte order mark off the beginning alone, wherever the bytes are cut", () => {
    const bytes = bytesOf("\u{feff}data: 1\n\u{feff}\ndata: 2\n\n");
    for (let place = 0; place <= bytes.length; place += 1) expect(decoded(cut(bytes, [place]))).toEqual(["1\n2"]);
  });

  it("gives back any JSON that was written as an event", () => {
    fc.assert(
      fc.property(fc.array(fc.json()), (payloads) => {
        expect(decoded([bytesOf(payloads.map((json) => `data: ${json}\n\n`).join(""))])).toEqual(payloads);
      }),
    );
  });

  it("reads bytes that are no UTF-8 as the replacement character", () => {
    const bytes = new Uint8Array([...bytesOf('data: {"a":"'), 0xff, 0xf0, 0x9f, ...bytesOf('"}\n\n')]);
    expect(decoded([bytes])).toEqual(['{"a":"\u{fffd}\u{fffd}"}']);
    expect(
      decoded(
        cut(
          bytes,
          Array.from(bytes, (_, index) => index),
        ),
      ),
    ).toEqual(['{"a":"\u{fffd}\u{fffd}"}']);
  });

  it("holds an event of 5 MB that comes in hundreds of pieces, in linear time", () => {
    const json = JSON.stringify({ a: "x".repeat(5_000_000) });
    const bytes = bytesOf(`data: ${json}\n\n`);
    const offsets = Array.from({ length: 2_000 }, (_, index) => index * 2_500);
    const before = Date.now();
    expect(decoded(cut(bytes, offsets))).toEqual([json]);
    // A copy of everything for each piece would be 5 GB.
    expect(Date.now() - before).toBeLessThan(2_000);
  });

  it.each<[string, readonly string[]]>([
    ["one line", ["data: ", "x".repeat(60), "x".repeat(60), "\n\n"]],
    ["many lines", Array.from({ length: 30 }, () => "data: 12345\n")],
    ["a comment", [":", "x".repeat(120)]],
  ])("holds no more than its cap of %s, and reads nothing after it", (_name, pieces) => {
    expect(decoded(pieces.map(bytesOf), 100)).toBeNull();
    const decoder = new EventStreamDecoder(100);
    for (const piece of pieces) decoder.push(bytesOf(piece));
    expect(decoder.push(bytesOf("\n\ndata: 1\n\n"))).toEqual({ ok: false, error: "event_too_large" });
    expect(decoder.end()).toEqual([]);
  });

  it("counts its cap by event, not by stream", () => {
    const pieces = Array.from({ length: 100 }, () => bytesOf("data: 12345\n\n"));
    expect(decoded(pieces, 20)).toHaveLength(100);
  });
});
