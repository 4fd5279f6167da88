// The first capture sink: a queue, whose consumer writes batches into D1. What is captured while a send is under way goes with the next
// one, since under load sends are most of what capture costs. Law: accepted only once the queue has it; whoever sends for others may be
// cut off, so nobody waits for a send that has become old.
import type { Background } from "../../lib/background.ts";
import type { Clock } from "../../lib/clock.ts";
import type { CaptureSink } from "../../mistake/capture-sink.ts";
import type { Captured } from "../../mistake/mistake-store.ts";
import { batchesOf } from "./batches-of.ts";

export interface QueueCaptureSinkDependencies {
  readonly queue: Queue;
  /** sends go on though the request that began them is over: other requests wait for them */
  readonly background: Background;
  readonly clock: Clock;
}

interface Waiting {
  readonly captured: Captured;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

const OLD_SEND_MILLISECONDS = 1_000;
/** Who sends again is under load: others are about to come, and a send of several costs what a send of one does. */
const GATHER_MILLISECONDS = 2;
/** Background work ends 30 s after its request (developers.cloudflare.com/workers/runtime-apis/context/#waituntil). */
const MOST_SENDING_MILLISECONDS = 10_000;

export class QueueCaptureSink implements CaptureSink {
  readonly name = "queue";
  readonly #dependencies: QueueCaptureSinkDependencies;
  #waiting: Waiting[] = [];
  /** when the send that is under way began */
  #sendingSince: number | null = null;

  constructor(dependencies: QueueCaptureSinkDependencies) {
    this.#dependencies = dependencies;
  }

  async accept(captured: Captured): Promise<void> {
    const { background, clock } = this.#dependencies;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#waiting.push({
      captured,
      resolve: () => {
        resolve(undefined);
      },
      reject,
    });
    if (this.#sendingSince === null || clock() - this.#sendingSince > OLD_SEND_MILLISECONDS) {
      this.#sendingSince = clock();
      background(async () => {
        await this.#sendWaiting();
      });
    }
    await promise;
  }

  /** Until nothing waits, or the request in whose name it sends has gone on long enough: then the next one to come takes over. */
  async #sendWaiting(): Promise<void> {
    const { clock } = this.#dependencies;
    const until = clock() + MOST_SENDING_MILLISECONDS;
    let mine = this.#sendingSince;
    while (this.#waiting.length > 0) {
      const isLast = clock() > until;
      if (isLast) this.#sendingSince = null;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const batch of batchesOf(waiting, ({ captured }) => captured)) await this.#send(batch);
      // Somebody who found this send old sends by now.
      if (isLast || this.#sendingSince !== mine) return;
      mine = clock();
      this.#sendingSince = mine;
      if (this.#waiting.length > 0) await scheduler.wait(GATHER_MILLISECONDS);
    }
    this.#sendingSince = null;
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const { queue } = this.#dependencies;
    try {
      const [first] = batch;
      if (first !== undefined && batch.length === 1) await queue.send(first.captured, { contentType: "json" });
      else await queue.sendBatch(batch.map(({ captured }) => ({ body: captured, contentType: "json" })));
      for (const { resolve } of batch) resolve();
    } catch (caught) {
      for (const { reject } of batch) reject(caught);
    }
  }
}
