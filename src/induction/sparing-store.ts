// The store's way in while the database is nearly full: texts go to the object store first, and rows alone into the database.
// Law: sparing never loses anything — a text that the object store refuses, or a gauge that fails, leaves things as they were.
import { errorMessage } from "../lib/error-message.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import type { Captured, Kept, MistakeStore } from "../mistake/mistake-store.ts";
import { CROWDED_SHARE, type StorageGauge } from "../mistake/storage-gauge.ts";

export interface SparingDependencies {
  readonly mistakes: Pick<MistakeStore, "insertCaptured">;
  readonly objects: Pick<ObjectStore, "put">;
  readonly gauge: StorageGauge;
  readonly logger: Logger;
}

export class SparingStore implements Pick<MistakeStore, "insertCaptured"> {
  readonly #dependencies: SparingDependencies;

  constructor(dependencies: SparingDependencies) {
    this.#dependencies = dependencies;
  }

  async insertCaptured(captured: readonly Captured[]): Promise<void> {
    const { mistakes } = this.#dependencies;
    const isCrowded = await this.#isCrowded();
    await mistakes.insertCaptured(
      isCrowded ? await Promise.all(captured.map(async (item) => await this.#spared(item))) : captured,
    );
  }

  async #isCrowded(): Promise<boolean> {
    const { gauge, logger } = this.#dependencies;
    try {
      return (await gauge.fullShare()) >= CROWDED_SHARE;
    } catch (caught) {
      logger.error("storage_gauge_failed", { reason: errorMessage(caught) });
      return false;
    }
  }

  /** Under the key that capture gives a large text: the same thing delivered twice is one object. */
  async #spared(item: Captured): Promise<Captured> {
    if (item.type === "attack") {
      const { projectId, id } = item.attack;
      return { ...item, messages: await this.#kept(`projects/${projectId}/attacks/${id}.json`, item.messages) };
    }
    if (item.type === "exchange") {
      const { projectId, id } = item.kept;
      return { ...item, exchange: await this.#kept(`projects/${projectId}/exchanges/${id}.json`, item.exchange) };
    }
    const { projectId, id } = item.mistake;
    return { ...item, exchange: await this.#kept(`projects/${projectId}/mistakes/${id}.json`, item.exchange) };
  }

  async #kept<Value>(objectKey: string, kept: Kept<Value>): Promise<Kept<Value>> {
    if ("objectKey" in kept) return kept;
    const { objects, logger } = this.#dependencies;
    try {
      await objects.put(objectKey, JSON.stringify(kept.inline), "application/json");
      return { objectKey };
    } catch (caught) {
      logger.error("text_not_spared", { key: objectKey, reason: errorMessage(caught) });
      return kept;
    }
  }
}
