// Lines of a stream of JSON (jsonlines.org), one at a time. Law: memory holds one line and one read, however long the stream is;
// what can't be read is told with its number, and the next line is read.
import { isNestedDeeperThan } from "./nesting.ts";
import { parseJson } from "./parse-json.ts";

/** Counted from 1, blank lines among them, as editors count. */
export type JsonLine =
  | { readonly line: number; readonly value: unknown; readonly bytes: number }
  | { readonly line: number; readonly fault: string };

export interface JsonLineLimits {
  /** of one line */
  readonly mostBytes: number;
  /** that are not blank; what comes after them is not read */
  readonly mostLines: number;
  readonly mostLevels: number;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** U+FEFF in UTF-8: some editors begin a file with it (RFC 8259 section 8.1 lets a reader ignore it). */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** What has come of a line: its bytes, until they are too many. */
class LineBuffer {
  readonly #mostBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(part: Uint8Array): void {
    if (part.byteLength === 0) return;
    this.#bytes += part.byteLength;
    // A line feed of Windows and a byte order mark are no part of the line, and may stand beside its last byte.
    if (this.#bytes > this.#mostBytes + BYTE_ORDER_MARK.length + 1) this.#parts = [];
    // A copy: the stream may use its buffer again.
    else this.#parts.push(part.slice());
  }

  /** The line's bytes; null where they were too many. Empties the buffer. */
  take(isFirst: boolean): Uint8Array | null {
    const isDropped = this.#bytes > 0 && this.#parts.length === 0;
    const whole = new Uint8Array(isDropped ? 0 : this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.byteLength;
    }
    this.#parts = [];
    this.#bytes = 0;
    if (isDropped) return null;
    const hasMark = isFirst && BYTE_ORDER_MARK.every((byte, index) => whole[index] === byte);
    const start = hasMark ? BYTE_ORDER_MARK.length : 0;
    const line = whole.subarray(start, whole.at(-1) === CARRIAGE_RETURN ? -1 : undefined);
    return line.byteLength > this.#mostBytes ? null : line;
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === CARRIAGE_RETURN);
}

function parseLine(line: number, bytes: Uint8Array, mostLevels: number): JsonLine {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { line, fault: "is no UTF-8" };
  }
  const value = parseJson(text);
  if (value === undefined) return { line, fault: "is no valid JSON" };
  if (isNestedDeeperThan(value, mostLevels)) return { line, fault: `is nested deeper than ${mostLevels} levels` };
  return { line, value, bytes: bytes.byteLength };
}

/** The stream's bytes, cut where lines end: each piece, and whether its line ends with it. */
async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<readonly [Uint8Array, boolean]> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      let start = 0;
      for (let end = value.indexOf(LINE_FEED); end >= 0; end = value.indexOf(LINE_FEED, start)) {
        yield [value.subarray(start, end), true];
        start = end + 1;
      }
      yield [value.subarray(start), false];
    }
  } finally {
    // Who stops reading, or fails, lets the sender know. A stream that broke can't be cancelled any more.
    await reader.cancel().catch(() => undefined);
  }
}

/** Blank lines are passed over. A last line needs no line feed. */
export async function* jsonLines(stream: ReadableStream<Uint8Array>, limits: JsonLineLimits): AsyncGenerator<JsonLine> {
  const { mostBytes, mostLines, mostLevels } = limits;
  const buffer = new LineBuffer(mostBytes);
  let line = 0;
  let read = 0;
  const next = (): JsonLine | null => {
    line += 1;
    const bytes = buffer.take(line === 1);
    if (bytes !== null && isBlank(bytes)) return null;
    read += 1;
    if (read > mostLines) return { line, fault: `is beyond the ${mostLines} lines that one request may have` };
    return bytes === null ? { line, fault: `is longer than ${mostBytes} bytes` } : parseLine(line, bytes, mostLevels);
  };
  for await (const [piece, isEnd] of pieces(stream)) {
    buffer.add(piece);
    const found = isEnd ? next() : null;
    if (found !== null) yield found;
    if (read > mostLines) return;
  }
  const last = buffer.isEmpty ? null : next();
  if (last !== null) yield last;
}
