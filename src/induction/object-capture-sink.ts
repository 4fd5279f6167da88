// The last capture sink: an object, which cron replays into the store when the store is back (`replaySpool`).
import type { ObjectStore } from "../lib/object-store.ts";
import type { CaptureSink } from "../mistake/capture-sink.ts";
import { capturedHead } from "../mistake/captured-head.ts";
import type { Captured } from "../mistake/mistake-store.ts";

export const SPOOL_PREFIX = "spool/";

export class ObjectCaptureSink implements CaptureSink {
  readonly name = "object";
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async accept(captured: Captured): Promise<void> {
    await this.#objects.put(
      `${SPOOL_PREFIX}${capturedHead(captured).id}.json`,
      JSON.stringify(captured),
      "application/json",
    );
  }
}
