// Reads an upstream's body in few large pieces. A read wakes JavaScript, and a wake costs more than what it brings: model servers
// send each token as an HTTP chunk of its own, and a plain read returns one chunk, however many lie ready.
// Law: bytes that came are not kept waiting for bytes that come slowly; bytes are handed on in their order, all of them.

/** Clocks of Workers count whole milliseconds, so a read of what lies ready may seem to take one. */
const READY_MILLISECONDS = 1;
/** A thousand tokens a second: what comes so fast may be gathered, and the largest read waits some 40 ms for it at most. */
const QUICK_MILLISECONDS_PER_PIECE = 1;
/** From here on a read may be slow because the isolate has other things to do: then larger reads are the remedy. */
const BUSY_WAKES_PER_MILLISECOND = 0.25;
/** Three pieces that lie ready take up to twice the time of one (measured at 64 streams); five that are still to come, five times. */
const WORTH_GATHERING = 1.4;
/** Busy reads of single pieces before a trial: the fewest; and the most, so that fewer than one read in a hundred waits in vain. */
const LEAST_READS_BEFORE_TRIAL = 6;
const MOST_READS_BEFORE_TRIAL = 192;
/** What an older read counts beside the next one. */
const MEMORY = 0.75;
/** An empty first delta and the first token come together in any stream. */
const QUICK_READS_BEFORE_GROWTH = 3;
const MOST_BYTES = 8 * 1024;
const LEAST_ROOM_BYTES = 4 * 1024;

/**
 * What the readers of an isolate know together: how often it wakes for them, so that each can tell its own queueing from a slow
 * upstream, and how their last trials went, so that not every stream has to find that out anew.
 */
export class WakeCount {
  #count = 0;
  #readsBeforeTrial = LEAST_READS_BEFORE_TRIAL;

  get count(): number {
    return this.#count;
  }

  get readsBeforeTrial(): number {
    return this.#readsBeforeTrial;
  }

  add(): void {
    this.#count += 1;
  }

  /** @param readsBefore what `readsBeforeTrial` was when it began: of many trials at once, which one cause can spoil, one counts */
  trialEnded(isWorthIt: boolean, readsBefore: number): void {
    if (readsBefore !== this.#readsBeforeTrial) return;
    const reads = isWorthIt ? readsBefore / 2 : readsBefore * 2;
    this.#readsBeforeTrial = Math.min(MOST_READS_BEFORE_TRIAL, Math.max(LEAST_READS_BEFORE_TRIAL, reads));
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

  /** Asks for twice as much next, whatever came before. */
  wasWorthIt(bytes: number): void {
    this.#quickBytes = Math.max(this.#quickBytes + bytes, this.#largestBurstBytes + 4 * bytes);
    this.#quickReads += QUICK_READS_BEFORE_GROWTH;
  }

  cameQuickly(bytes: number): void {
    this.#quickBytes += bytes;
    this.#quickReads += 1;
  }

  paused(): void {
    // Only where we had asked for more did anything wait.
    // A long stream that pauses once is no stream of bursts.
    if (this.leastBytes > 1) {
      this.#largestBurstBytes = Math.min(MOST_BYTES, Math.max(this.#largestBurstBytes, this.#quickBytes));
    }
    this.#quickBytes = 0;
    this.#quickReads = 0;
  }
}

/**
 * Whether a read was slow because of the upstream or because of us can't be told from its time: sixteen streams at 5 ms a token
 * look like sixteen that wait for a busy isolate. So it is tried, rarely, whether five pieces take five times as long as one.
 * Measured as bytes a millisecond, which needs no knowledge of the machine.
 */
class Trials {
  #singleBytes = 0;
  #singleMilliseconds = 0;
  #reads = 0;
  #readsBefore = 0;
  readonly #wakes: WakeCount;

  constructor(wakes: WakeCount) {
    this.#wakes = wakes;
  }

  /** A busy read of a single piece. Whether the next one should try for five. */
  single(bytes: number, milliseconds: number): boolean {
    this.#singleBytes = this.#singleBytes * MEMORY + bytes;
    this.#singleMilliseconds = this.#singleMilliseconds * MEMORY + milliseconds;
    this.#reads += 1;
    this.#readsBefore = this.#wakes.readsBeforeTrial;
    return this.#reads >= this.#readsBefore;
  }

  /** Whether a gathered read brought enough more in its time than single pieces did. */
  isWorthIt(bytes: number, milliseconds: number): boolean {
    const isKnown = this.#singleBytes > 0;
    return isKnown && bytes * this.#singleMilliseconds >= WORTH_GATHERING * this.#singleBytes * milliseconds;
  }

  /** How a trial went decides when the next one may be. */
  ended(isSuccess: boolean): void {
    this.#reads = 0;
    this.#wakes.trialEnded(isSuccess, this.#readsBefore);
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
  readonly #trials: Trials;
  #isTrial = false;
  #pieceBytes = 1;
  #lastEnd: number | null = null;
  #lastCount: number;
  #ended = false;

  constructor(
    body: ReadableStream<Uint8Array>,
    { now = Date.now, wakes = new WakeCount() }: GatheringReaderOptions = {},
  ) {
    this.#source = sourceOf(body);
    this.#now = now;
    this.#wakes = wakes;
    this.#trials = new Trials(wakes);
    this.#lastCount = wakes.count;
  }

  /** The next bytes, as many as came quickly; null at the end. One read at a time. */
  async read(): Promise<Uint8Array | null> {
    if (this.#ended) return null;
    // Pieces are of nearly the same size: this is more than four and less than five.
    const leastBytes = this.#isTrial ? (this.#pieceBytes * 9) >> 1 : this.#growth.leastBytes;
    this.#lastEnd ??= this.#now();
    const bytes = await this.#source.read(leastBytes);
    // From one wake to the next: while the isolate wrote what came before, the upstream went on.
    const milliseconds = this.#now() - this.#lastEnd;
    const wakes = this.#wakes.count - this.#lastCount;
    this.#wakes.add();
    this.#lastEnd += milliseconds;
    this.#lastCount = this.#wakes.count;
    const length = bytes?.byteLength ?? 0;
    this.#ended ||= length === 0;
    // A read of one byte brings one piece, which tells how large they are.
    if (leastBytes === 1) this.#pieceBytes = Math.max(1, length);
    const isQuick = milliseconds <= READY_MILLISECONDS + (length / this.#pieceBytes) * QUICK_MILLISECONDS_PER_PIECE;
    const isBusy = wakes >= milliseconds * BUSY_WAKES_PER_MILLISECOND;
    const isWorthIt = leastBytes > 1 && this.#trials.isWorthIt(length, milliseconds);
    // A trial that succeeded may have been quick as well, by a clock of whole milliseconds.
    if (isWorthIt) this.#growth.wasWorthIt(length);
    else if (isQuick) this.#growth.cameQuickly(length);
    else this.#growth.paused();
    if (this.#isTrial) this.#trials.ended(isWorthIt);
    const isUnclear = leastBytes === 1 && !isQuick && isBusy;
    this.#isTrial = isUnclear && this.#trials.single(length, milliseconds);
    return bytes;
  }

  /** Tells the upstream to stop; what is read afterwards is the end. */
  async cancel(): Promise<void> {
    this.#ended = true;
    await this.#source.cancel();
  }
}
