// Lines of JSON, however the stream is cut.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonLine, type JsonLineLimits, jsonLines } from "../../src/lib/json-lines.ts";

const LIMITS: JsonLineLimits = { mostBytes: 1_000, mostLines: 1_000, mostLevels: 20 };
const encoder = new TextEncoder();

/** @param cuts where the bytes are cut, in order */
function streamOf(bytes: Uint8Array, cuts: readonly number[] = []): ReadableStream<Uint8Array> {
  const places = [0, ...cuts, bytes.byteLength];
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const [index, end] of places.entries()) {
        const start = places[index - 1];
        if (start !== undefined) controller.enqueue(bytes.slice(start, end));
      }
      controller.close();
    },
  });
}

async function read(
  text: string | Uint8Array,
  cuts: readonly number[] = [],
  limits: Partial<JsonLineLimits> = {},
): Promise<readonly JsonLine[]> {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const lines: JsonLine[] = [];
  for await (const line of jsonLines(streamOf(bytes, cuts), { ...LIMITS, ...limits })) lines.push(line);
  return lines;
}

const valuesOf = (lines: readonly JsonLine[]): readonly unknown[] =>
  lines.map((line) => ("value" in line ? line.value : line.fault));

describe("lines of JSON", () => {
  it("are the same wherever the stream is cut, at every byte", async () => {
    const text = '\uFEFF{"a":"Ä€😀"}\r\n\r\n \t\n[1]\n"\\ud800"\nno\n{"last":true}';
    const bytes = encoder.encode(text);
    const whole = await read(bytes);
    expect(whole.map(({ line }) => line)).toEqual([1, 4, 5, 6, 7]);
    expect(valuesOf(whole)).toEqual([{ a: "Ä€😀" }, [1], "\ud800", "is no valid JSON", { last: true }]);
    for (let cut = 0; cut <= bytes.byteLength; cut += 1) expect(await read(bytes, [cut])).toEqual(whole);
    const everywhere = Array.from({ length: bytes.byteLength }, (_, cut) => cut);
    expect(await read(bytes, everywhere)).toEqual(whole);
  });

  it("give back any values, with either line ending, cut anywhere", async () => {
    const line = fc.json({ maxDepth: 5 });
    const ending = fc.constantFrom("\n", "\r\n");
    await fc.assert(
      fc.asyncProperty(
        ...[fc.array(line, { maxLength: 8 }), ending, fc.boolean(), fc.array(fc.nat(400), { maxLength: 8 })],
        async (lines, end, isEnded, places) => {
          const bytes = encoder.encode(lines.join(end) + (isEnded ? end : ""));
          const cuts = places.filter((place) => place <= bytes.byteLength).toSorted((left, right) => left - right);
          const found = await read(bytes, cuts, { mostBytes: 100_000 });
          expect(valuesOf(found)).toEqual(lines.map((each): unknown => JSON.parse(each)));
          expect(found.map((each) => each.line)).toEqual(lines.map((_, index) => index + 1));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("that can't be read are told with their number, and the next ones are read", async () => {
    const parts = [encoder.encode('{"a":1}\n"'), new Uint8Array([0xc3, 0x28]), encoder.encode('"\n[2]\n')];
    const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
    expect(valuesOf(await read(bytes))).toEqual([{ a: 1 }, "is no UTF-8", [2]]);
    const deep = `${"[".repeat(21)}${"]".repeat(21)}`;
    const inTime = `${"[".repeat(20)}${"]".repeat(20)}`;
    const found = valuesOf(await read(`${deep}\n${inTime}\n${"[".repeat(400)}\n3`));
    expect(found).toEqual(["is nested deeper than 20 levels", JSON.parse(inTime), "is no valid JSON", 3]);
    const far = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(valuesOf(await read(far, [], { mostBytes: 1_000_000 }))).toEqual(["is nested deeper than 20 levels"]);
  });

  it("have a longest length in bytes, without their ending or a byte order mark", async () => {
    const fits = JSON.stringify("x".repeat(998));
    const over = JSON.stringify("x".repeat(999));
    for (const cuts of [[], [500], [1_000], [1_001]]) {
      expect(valuesOf(await read(`\uFEFF${fits}\r\n${over}\r\n1`, cuts))).toEqual([
        "x".repeat(998),
        "is longer than 1000 bytes",
        1,
      ]);
    }
  });

  it("are held one at a time: a line without an end takes no memory", async () => {
    let sent = 0;
    const piece = new Uint8Array(65_536).fill(0x61);
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        if (sent <= 2_000) controller.enqueue(piece);
        else controller.close();
      },
    });
    const lines: JsonLine[] = [];
    for await (const line of jsonLines(stream, LIMITS)) lines.push(line);
    expect(lines).toEqual([{ line: 1, fault: "is longer than 1000 bytes" }]);
  });

  it("are no more than allowed, and nothing is read after them", async () => {
    let wasCancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(encoder.encode("1\n\n2\n3\n"));
      },
      cancel: () => {
        wasCancelled = true;
      },
    });
    const found: JsonLine[] = [];
    for await (const line of jsonLines(stream, { ...LIMITS, mostLines: 4 })) found.push(line);
    expect(valuesOf(found)).toEqual([1, 2, 3, 1, "is beyond the 4 lines that one request may have"]);
    expect(wasCancelled).toBe(true);
  });

  it("throw where the stream breaks", async () => {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(encoder.encode("1\n"));
      },
      pull: (controller) => {
        controller.error(new Error("gone"));
      },
    });
    const lines = jsonLines(stream, LIMITS);
    await expect(
      (async () => {
        for await (const line of lines) expect(line.line).toBe(1);
      })(),
    ).rejects.toThrow("gone");
  });
});
