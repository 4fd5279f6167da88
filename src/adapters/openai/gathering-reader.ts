// Reads a body in pieces as large as what is there. Law: never waits for more once something came.

const PIECE_BYTES = 64 * 1024;

type Reader =
  | { readonly kind: "bytes"; readonly inner: ReadableStreamBYOBReader }
  | { readonly kind: "pieces"; readonly inner: ReadableStreamDefaultReader<Uint8Array> };

function readerOf(body: ReadableStream<Uint8Array>): Reader {
  try {
    return { kind: "bytes", inner: body.getReader({ mode: "byob" }) };
  } catch {
    // No byte stream: its pieces are as large as their maker chose.
    return { kind: "pieces", inner: body.getReader() };
  }
}

export class GatheringReader {
  readonly #reader: Reader;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = readerOf(body);
  }

  /** null at the end; rejects if the body breaks off. */
  async read(): Promise<Uint8Array | null> {
    const reader = this.#reader;
    const { done, value } =
      reader.kind === "bytes"
        ? await reader.inner.readAtLeast(1, new Uint8Array(PIECE_BYTES))
        : await reader.inner.read();
    return done ? null : value;
  }

  async cancel(): Promise<void> {
    await this.#reader.inner.cancel();
  }
}
