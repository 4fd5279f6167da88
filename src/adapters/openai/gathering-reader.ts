// Reads an upstream's body in few large pieces. A read wakes JavaScript, and a wake costs more than what it brings: model servers
// send each token as an HTTP chunk of its own, and a plain read returns one chunk, however many lie ready.
// Law: bytes that came are not kept waiting for bytes that come slowly; bytes are handed on in their order, all of them.

/** Clocks of Workers count whole milliseconds, so a read of what lies ready may seem to take one. */
const READY_MILLISECONDS = 1;
/** A thousand tokens a second: what comes so fast may be gathered, and the largest read waits some 40 ms for it at most. */
const QUICK_MILLISECONDS_PER_PIECE = 1;
/** From here on the isolate has too much to do: a read is slow because of us, and larger reads are the remedy … */
const BUSY_WAKES_PER_MILLISECOND = 3;
/** … but a stream that comes slowly in a busy isolate is not made to wait longer than this. */
const MOST_BUSY_MILLISECONDS = 15;
/** An empty first delta and the first token come together in any stream. */
const QUICK_READS_BEFORE_GROWTH = 3;
const MOST_BYTES = 8 * 1024;
const LEAST_ROOM_BYTES = 4 * 1024;

/** Counts the wakes of all readers of an isolate, so that each can tell its own queueing from a slow upstream. */
export class WakeCount {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(): void {
    this.#count += 1;
  }
}

export interface GatheringReaderOptions {
  /** milliseconds; may stand still during computation, as it does in production */
  readonly now?: () => number;
  /** shared by all readers of the isolate; without it a reader thinks itself alone */
  readonly wakes?: WakeCount;
}

/**
 * How many bytes to wait for: half of what came since the last pause, since what comes fast goes on coming. A pause takes that
 * back to one byte, and what had come until then is remembered, so that a stream of bursts is not asked for more than a burst.
 */
class Growth {
  #quickBytes = 0;
  #quickReads = 0;
  #largestBurstBytes = 0;

  get leastBytes(): number {
    if (this.#quickReads < QUICK_READS_BEFORE_GROWTH) return 1;
    return Math.min(MOST_BYTES, Math.max(1, (this.#quickBytes - this.#largestBurstBytes) >> 1));
  }

  cameQuickly(bytes: number): void {
    this.#quickBytes += bytes;
    this.#quickReads += 1;
  }

  paused(): void {
    // Only where we had asked for more did anything wait.
    if (this.leastBytes > 1) this.#largestBurstBytes = Math.max(this.#largestBurstBytes, this.#quickBytes);
    this.#quickBytes = 0;
    this.#quickReads = 0;
  }
}

/** One read of at least so many bytes; fewer only at the end, null after it. */
type ReadPiece = (leastBytes: number) => Promise<Uint8Array | null>;

interface Source {
  readonly read: ReadPiece;
  readonly cancel: () => Promise<void>;
}

function byteSource(reader: ReadableStreamBYOBReader): Source {
  return {
    read: async (leastBytes) => {
      const room = new Uint8Array(Math.max(LEAST_ROOM_BYTES, leastBytes * 2));
      const { value } = await reader.readAtLeast(leastBytes, room);
      return value === undefined || value.byteLength === 0 ? null : value;
    },
    cancel: async () => {
      await reader.cancel();
    },
  };
}

/** For streams that are made of pieces and not of bytes: a piece a read. */
function pieceSource(reader: ReadableStreamDefaultReader<Uint8Array>): Source {
  return {
    read: async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return null;
        if (value.byteLength > 0) return value;
      }
    },
    cancel: async () => {
      await reader.cancel();
    },
  };
}

function sourceOf(body: ReadableStream<Uint8Array>): Source {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    // Streams section 4.3.3: a stream that is no byte stream has no such reader.
    return pieceSource(body.getReader());
  }
  return byteSource(reader);
}

export class GatheringReader {
  readonly #source: Source;
  readonly #now: () => number;
  readonly #wakes: WakeCount;
  readonly #growth = new Growth();
  #pieceBytes = 1;
  #ended = false;

  constructor(
    body: ReadableStream<Uint8Array>,
    { now = Date.now, wakes = new WakeCount() }: GatheringReaderOptions = {},
  ) {
    this.#source = sourceOf(body);
    this.#now = now;
    this.#wakes = wakes;
  }

  /** The next bytes, as many as came quickly; null at the end. One read at a time. */
  async read(): Promise<Uint8Array | null> {
    if (this.#ended) return null;
    const leastBytes = this.#growth.leastBytes;
    const start = this.#now();
    const wakesBefore = this.#wakes.count;
    const bytes = await this.#source.read(leastBytes);
    const waitedMilliseconds = this.#now() - start;
    const wakes = this.#wakes.count - wakesBefore;
    this.#wakes.add();
    const length = bytes?.byteLength ?? 0;
    this.#ended ||= length === 0;
    // A read of one byte brings one piece, which tells how large they are.
    if (leastBytes === 1) this.#pieceBytes = Math.max(1, length);
    if (this.#isQuick(waitedMilliseconds, length, wakes)) this.#growth.cameQuickly(length);
    else this.#growth.paused();
    return bytes;
  }

  #isQuick(milliseconds: number, bytes: number, otherWakes: number): boolean {
    const pieces = bytes / this.#pieceBytes;
    if (milliseconds <= READY_MILLISECONDS + pieces * QUICK_MILLISECONDS_PER_PIECE) return true;
    return milliseconds <= MOST_BUSY_MILLISECONDS && otherWakes >= milliseconds * BUSY_WAKES_PER_MILLISECOND;
  }

  /** Tells the upstream to stop; what is read afterwards is the end. */
  async cancel(): Promise<void> {
    this.#ended = true;
    await this.#source.cancel();
  }
}
