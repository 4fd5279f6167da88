// The models of projects, made of their stored upstreams. Law: known for 30 s at most, and for longer only while the store fails;
// without any upstream of its own a project has the default model, and never because the store failed.
import type { Clock } from "../lib/clock.ts";
import { errorMessage } from "../lib/error-message.ts";
import { ExpiringCache } from "../lib/expiring-cache.ts";
import type { Logger } from "../lib/logger.ts";
import type { Problem } from "../problem.ts";
import type { ChatModel } from "./chat-model.ts";
import { Breaker } from "./circuit.ts";
import { FallbackModel } from "./fallback-model.ts";
import type { ModelDirectory } from "./model-directory.ts";
import { UnavailableModel } from "./unavailable-model.ts";
import type { UpstreamStore } from "./upstream-store.ts";
import type { Upstream } from "./upstream.ts";

const KNOWN_MILLISECONDS = 30_000;
const STALE_MILLISECONDS = 10 * 60_000;
/** After a failure of the store, so that it is not asked by every request. */
const RETRY_MILLISECONDS = 5_000;
const PROJECT_CAPACITY = 1_000;
const BREAKER_CAPACITY = 2_000;
const BREAKER_MILLISECONDS = 60 * 60_000;

const unknownUpstreams: Problem = {
  status: 503,
  type: "server_error",
  code: "upstreams_unavailable",
  message: "The project's upstreams can't be looked up right now. Try again in a moment.",
  param: null,
};

interface Models {
  readonly forClients: ChatModel;
  readonly forOwnCalls: ChatModel;
}

interface Known {
  readonly models: Models;
  readonly freshUntil: number;
}

function bothOf(model: ChatModel): Models {
  return { forClients: model, forOwnCalls: model };
}

export interface StoredModelDirectoryOptions {
  readonly upstreams: Pick<UpstreamStore, "listUpstreams">;
  /** A model for this upstream alone; one that is a problem where its credentials can't be read. */
  readonly makeModel: (upstream: Upstream) => Promise<ChatModel>;
  readonly defaultModel: ChatModel;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class StoredModelDirectory implements ModelDirectory {
  readonly #options: StoredModelDirectoryOptions;
  readonly #known: ExpiringCache<Known>;
  readonly #breakers: ExpiringCache<Breaker>;

  constructor(options: StoredModelDirectoryOptions) {
    this.#options = options;
    this.#known = new ExpiringCache(PROJECT_CAPACITY, options.clock);
    this.#breakers = new ExpiringCache(BREAKER_CAPACITY, options.clock);
  }

  async forProject(projectId: string): Promise<ChatModel> {
    return (await this.#models(projectId)).forClients;
  }

  async forOwnCalls(projectId: string): Promise<ChatModel> {
    return (await this.#models(projectId)).forOwnCalls;
  }

  /** At once in this isolate; elsewhere within 30 s. */
  forget(projectId: string): void {
    this.#known.delete(projectId);
  }

  async #models(projectId: string): Promise<Models> {
    const { clock, logger } = this.#options;
    const known = this.#known.get(projectId);
    if (known !== undefined && clock() < known.freshUntil) return known.models;
    try {
      const models = await this.#make(projectId);
      this.#known.set(projectId, { models, freshUntil: clock() + KNOWN_MILLISECONDS }, STALE_MILLISECONDS);
      return models;
    } catch (caught) {
      logger.error("upstreams_unavailable", { project: projectId, reason: errorMessage(caught) });
      if (known === undefined) return bothOf(new UnavailableModel({ ...unknownUpstreams, cause: caught }));
      const stale = { models: known.models, freshUntil: clock() + RETRY_MILLISECONDS };
      this.#known.set(projectId, stale, STALE_MILLISECONDS);
      return known.models;
    }
  }

  async #make(projectId: string): Promise<Models> {
    const { upstreams, makeModel, defaultModel, logger } = this.#options;
    const found = await upstreams.listUpstreams(projectId);
    if (found.length === 0) return bothOf(defaultModel);
    const candidates = await Promise.all(
      found.map(async (upstream) => ({
        id: upstream.id,
        models: upstream.models,
        model: await makeModel(upstream),
        breaker: this.#breaker(upstream),
      })),
    );
    return {
      forClients: new FallbackModel(candidates, "client", logger),
      forOwnCalls: new FallbackModel(candidates, "gateway", logger),
    };
  }

  /** It outlives what is known of its upstream, unless that moved. */
  #breaker({ id, url }: Upstream): Breaker {
    const place = `${id} ${url}`;
    const breaker = this.#breakers.get(place) ?? new Breaker(this.#options.clock);
    this.#breakers.set(place, breaker, BREAKER_MILLISECONDS);
    return breaker;
  }
}
