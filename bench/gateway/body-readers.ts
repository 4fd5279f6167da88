// Reads one HTTP reply from the pieces in which it comes. Law: the quick reader only finds what it must — where the reply ends,
// when its first text came — and the careful one takes the stream apart for what a person would see, and when.

/** Where in a stream's bytes text begins to be seen. */
const TEXT_FIELD = Buffer.from('"content":"');
const QUOTE = 0x22;
const LAST_CHUNK = "0\r\n\r\n";
const KEPT_BYTES = 16;

export interface ReplyHead {
  readonly status: number;
  /** null: chunked */
  readonly contentLength: number | null;
}

/** The head that ends before `end`, the first blank line. */
export function readHead(text: string): ReplyHead {
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  return { status: Number(text.slice(9, 12)), contentLength: length === undefined ? null : Number(length) };
}

/** Whether text is to be seen in these bytes: a `content` that is not empty. */
export function hasText(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(TEXT_FIELD); at >= 0; at = bytes.indexOf(TEXT_FIELD, at + 1)) {
    const next = bytes[at + TEXT_FIELD.length];
    if (next !== undefined && next !== QUOTE) return true;
  }
  return false;
}

/** Undoes the chunked coding, piece by piece. */
export class Dechunker {
  #pending = "";
  #left = 0;

  /** The body's bytes in that piece (as latin1), framing taken out. */
  push(piece: string): string {
    this.#pending += piece;
    let body = "";
    for (;;) {
      if (this.#left > 0) {
        const part = this.#pending.slice(0, this.#left);
        body += part;
        this.#left -= part.length;
        this.#pending = this.#pending.slice(part.length);
        if (this.#left > 0) return body;
      }
      const size = /^(?:\r\n)?([\da-f]+)[^\r\n]*\r\n/i.exec(this.#pending);
      if (size === null) return body;
      this.#left = parseInt(size[1] ?? "0", 16);
      this.#pending = this.#pending.slice(size[0].length);
      if (this.#left === 0) return body;
    }
  }
}

const TEXT = /"content":"((?:[^"\\]|\\.)*)"/g;

/** The text that became visible with each piece of an event stream. */
export class VisibleText {
  #line = "";
  #finish: string | null = null;

  get finishReason(): string | null {
    return this.#finish;
  }

  push(body: string): string {
    const lines = `${this.#line}${body}`;
    const end = lines.lastIndexOf("\n") + 1;
    this.#line = lines.slice(end);
    const whole = lines.slice(0, end);
    this.#finish = /"finish_reason":"(\w+)"/.exec(whole)?.[1] ?? this.#finish;
    let text = "";
    for (const [, escaped = ""] of whole.matchAll(TEXT)) text += escaped;
    return text;
  }
}

/** Follows one reply: its head, and where it ends. */
export class ReplyReader {
  #head: ReplyHead | null = null;
  #start = "";
  #left = 0;
  #tail = "";
  #sawText = false;
  #carried: Buffer = Buffer.alloc(0);

  get status(): number {
    return this.#head?.status ?? 0;
  }

  get sawText(): boolean {
    return this.#sawText;
  }

  get chunked(): boolean {
    return this.#head?.contentLength === null;
  }

  /** The last bytes of the body, to see that a stream was closed as it should be. */
  get tail(): string {
    return this.#tail;
  }

  /** The bytes of the body in this piece, and whether the reply is over. */
  push(piece: Buffer): { readonly body: Buffer; readonly done: boolean } {
    let body = piece;
    if (this.#head === null) {
      const before = this.#start.length;
      this.#start += piece.toString("latin1");
      const end = this.#start.indexOf("\r\n\r\n");
      if (end < 0) return { body: piece.subarray(0, 0), done: false };
      this.#head = readHead(this.#start.slice(0, end));
      this.#left = this.#head.contentLength ?? 0;
      body = piece.subarray(end + 4 - before);
    }
    if (!this.#sawText) {
      this.#sawText = hasText(this.#carried.length === 0 ? body : Buffer.concat([this.#carried, body]));
      this.#carried = body.subarray(-KEPT_BYTES);
    }
    this.#tail = (this.#tail + body.toString("latin1", Math.max(0, body.length - KEPT_BYTES * 2))).slice(
      -KEPT_BYTES * 2,
    );
    if (this.#head.contentLength !== null) {
      this.#left -= body.length;
      return { body, done: this.#left <= 0 };
    }
    return { body, done: this.#tail === LAST_CHUNK || this.#tail.endsWith(`\r\n${LAST_CHUNK}`) };
  }
}
