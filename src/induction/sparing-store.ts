// The store's way in while the database is nearly full: texts go to the object store first, and rows alone into the database.
// Law: sparing never loses anything — a text that the object store refuses, or a gauge that fails, leaves things as they were.
import { errorMessage } from "../lib/error-message.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { capturedHead } from "../mistake/captured-head.ts";
import type { Captured, MistakeStore } from "../mistake/mistake-store.ts";
import type { ConditionalEntry } from "../mistake/review-queue.ts";
import { spillCaptured, triedToSpill } from "./spill-captured.ts";
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

  async insertCaptured(captured: readonly Captured[], entries: readonly ConditionalEntry[] = []): Promise<void> {
    const { mistakes } = this.#dependencies;
    const isCrowded = await this.#isCrowded();
    await mistakes.insertCaptured(
      isCrowded ? await Promise.all(captured.map(async (item) => await this.#spared(item))) : captured,
      entries,
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
    const { objects, logger } = this.#dependencies;
    try {
      return await spillCaptured(objects, item);
    } catch (caught) {
      logger.error("text_not_spared", { id: capturedHead(item).id, reason: errorMessage(caught) });
      return triedToSpill(item);
    }
  }
}
