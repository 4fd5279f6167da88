// The edge model in use: the published one, else the shipped one. Law: asking never waits; what was published is looked for
// in the background once in a while, and any fault means the shipped model and a line in the log.
import type { Background } from "../../lib/background.ts";
import type { Clock } from "../../lib/clock.ts";
import { errorMessage } from "../../lib/error-message.ts";
import type { Logger } from "../../lib/logger.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import { shippedEdgeModel, type EdgeModel } from "./edge-model.ts";
import { readPublished } from "./published-weights.ts";

export const REFRESH_MILLISECONDS = 60_000;

interface Outside {
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly background: Background;
}

export class ActiveEdgeModel {
  readonly #outside: Outside;
  #model: EdgeModel = shippedEdgeModel();
  #lookAt = -Infinity;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  current(): EdgeModel {
    const { clock, background } = this.#outside;
    if (clock() >= this.#lookAt) {
      this.#lookAt = clock() + REFRESH_MILLISECONDS;
      background(() => this.refresh());
    }
    return this.#model;
  }

  async refresh(): Promise<void> {
    const { objects, logger } = this.#outside;
    const before = this.#model.classifier.version;
    try {
      this.#model = (await readPublished(objects, this.#model)) ?? shippedEdgeModel();
    } catch (error) {
      this.#model = shippedEdgeModel();
      logger.error("classifier_weights_unusable", { error: errorMessage(error), used: this.#model.classifier.version });
      return;
    }
    const now = this.#model.classifier.version;
    if (now !== before) logger.info("classifier_weights_loaded", { version: now });
  }
}
