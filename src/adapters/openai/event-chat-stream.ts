// The answer of an OpenAI-compatible server as it comes. Law: nothing is read ahead of `read()`, and nothing is thrown: what
// breaks, stalls or can't be read is a read that failed.
import type { ChatStream, StreamRead } from "../../model/chat-model.ts";
import type { Problem } from "../../problem.ts";
import { EventStreamDecoder } from "../../wire/event-stream-decoder.ts";
import { DONE } from "../../wire/server-sent-events.ts";
import {
  clientClosedRequest,
  upstreamBrokeOff,
  upstreamInvalid,
  upstreamTimeout,
} from "../upstream/upstream-problem.ts";
import { GatheringReader, WakeCount } from "./gathering-reader.ts";

export interface EventChatStreamOptions {
  readonly body: ReadableStream<Uint8Array>;
  /** the client's: stops the upstream at once */
  readonly signal: AbortSignal;
  /** the longest silence within a read */
  readonly idleMilliseconds: number;
  /** shared by all streams of the isolate */
  readonly wakes?: WakeCount | undefined;
}

/** A server that keeps talking after `[DONE]` is not listened to for longer. */
const DRAIN_MILLISECONDS = 1_000;

type Piece = { readonly bytes: Uint8Array | null } | { readonly problem: Problem };

export class EventChatStream implements ChatStream {
  readonly #reader: GatheringReader;
  readonly #decoder = new EventStreamDecoder();
  readonly #idleMilliseconds: number;
  readonly #signal: AbortSignal;
  readonly #abort = (): void => {
    this.#stop(clientClosedRequest());
  };
  /** Settles the read that waits, if one does. */
  #settle: ((piece: Piece) => void) | null = null;
  #waitingSince = 0;
  /** One for all reads: setting and clearing one for each was a twentieth of a stream's time. */
  #idle: ReturnType<typeof setTimeout> | null = null;
  /** What every further read is. */
  #last: StreamRead | null = null;

  constructor({ body, signal, idleMilliseconds, wakes = new WakeCount() }: EventChatStreamOptions) {
    this.#reader = new GatheringReader(body, { wakes });
    this.#idleMilliseconds = idleMilliseconds;
    this.#signal = signal;
    if (signal.aborted) this.#abort();
    else signal.addEventListener("abort", this.#abort, { once: true });
  }

  /** One at a time. */
  async read(): Promise<StreamRead> {
    // Comments alone, which some servers send to keep the line open, are no reason to wake the reader.
    for (;;) {
      if (this.#last !== null) return this.#last;
      const events = this.#take(await this.#piece());
      if (events.length > 0) return { kind: "events", data: events };
    }
  }

  async cancel(): Promise<void> {
    this.#finish({ kind: "end", isDone: false });
    await this.#cancelReader();
  }

  /** The events of a piece; decides `#last` where it does. */
  #take(piece: Piece): readonly string[] {
    // Cancelled while it waited.
    if (this.#last !== null) return [];
    if ("problem" in piece) {
      this.#stop(piece.problem);
      return [];
    }
    return piece.bytes === null ? this.#ended() : this.#decoded(piece.bytes);
  }

  #decoded(bytes: Uint8Array): readonly string[] {
    const decoded = this.#decoder.push(bytes);
    if (!decoded.ok) {
      this.#stop(upstreamInvalid(decoded.error));
      return [];
    }
    const done = decoded.value.findIndex((payload) => payload.trim() === DONE);
    if (done < 0) return decoded.value;
    this.#finish({ kind: "end", isDone: true });
    void this.#drain();
    return decoded.value.slice(0, done);
  }

  #ended(): readonly string[] {
    const payloads = this.#decoder.end();
    const isDone = payloads.some((payload) => payload.trim() === DONE);
    this.#finish({ kind: "end", isDone });
    return payloads.filter((payload) => payload.trim() !== DONE);
  }

  /** The first of: bytes, the end, an error, silence, the client's going. */
  async #piece(): Promise<Piece> {
    this.#waitingSince = Date.now();
    if (this.#idle === null) this.#watchIdle(this.#idleMilliseconds);
    return await new Promise<Piece>((resolve) => {
      this.#settle = (piece) => {
        this.#settle = null;
        resolve(piece);
      };
      const settle = this.#settle;
      this.#reader.read().then(
        (bytes) => {
          settle({ bytes });
        },
        (cause: unknown) => {
          settle({ problem: upstreamBrokeOff(cause) });
        },
      );
    });
  }

  /** Looks after that time whether the read that waits then has waited too long. */
  #watchIdle(milliseconds: number): void {
    this.#idle = setTimeout(() => {
      this.#idle = null;
      if (this.#settle === null) return;
      const leftMilliseconds = this.#waitingSince + this.#idleMilliseconds - Date.now();
      if (leftMilliseconds > 0) this.#watchIdle(leftMilliseconds);
      else this.#settle({ problem: upstreamTimeout(this.#idleMilliseconds) });
    }, milliseconds);
  }

  #finish(last: StreamRead): void {
    this.#last ??= last;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#signal.removeEventListener("abort", this.#abort);
    this.#settle?.({ bytes: null });
  }

  #stop(problem: Problem): void {
    this.#finish({ kind: "failed", problem });
    void this.#cancelReader();
  }

  async #cancelReader(): Promise<void> {
    try {
      await this.#reader.cancel();
    } catch {
      // It was broken already.
    }
  }

  /** A body read to its end leaves a connection that can be used again. */
  async #drain(): Promise<void> {
    const late = setTimeout(() => void this.#cancelReader(), DRAIN_MILLISECONDS);
    try {
      if ((await this.#reader.read()) !== null) await this.#cancelReader();
    } catch {
      // The answer is whole; how the line ends is no matter.
    } finally {
      clearTimeout(late);
    }
  }
}
