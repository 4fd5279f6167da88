// The first capture sink: a queue, whose consumer writes batches into D1.
import type { CaptureSink } from "../../mistake/capture-sink.ts";
import type { Captured } from "../../mistake/mistake-store.ts";

export class QueueCaptureSink implements CaptureSink {
  readonly name = "queue";
  readonly #queue: Queue;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  async accept(captured: Captured): Promise<void> {
    await this.#queue.send(captured, { contentType: "json" });
  }
}
