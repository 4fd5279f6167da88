// The last capture sink: an object, which cron replays into the store when the store is back (`replaySpool`).
import type { ObjectStore } from "../lib/object-store.ts";
import type { CaptureSink } from "../mistake/capture-sink.ts";
import type { Captured } from "../mistake/mistake-store.ts";

export const SPOOL_PREFIX = "spool/";

export function capturedId(captured: Captured): string {
  if (captured.type === "exchange") return captured.kept.id;
  return captured.type === "mistake" ? captured.mistake.id : captured.attack.id;
}

export function capturedAt(captured: Captured): number {
  if (captured.type === "exchange") return captured.kept.createdAt;
  return captured.type === "mistake" ? captured.mistake.createdAt : captured.attack.createdAt;
}

export class ObjectCaptureSink implements CaptureSink {
  readonly name = "object";
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async accept(captured: Captured): Promise<void> {
    await this.#objects.put(
      `${SPOOL_PREFIX}${capturedId(captured)}.json`,
      JSON.stringify(captured),
      "application/json",
    );
  }
}
