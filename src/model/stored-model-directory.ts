// The models of projects, made of their stored upstreams. Law: known for 30 s at most, and for longer only while the store fails;
// without any upstream of its own a project has the default model, and never because the store failed.
import type { Clock } from "../lib/clock.ts";
import { errorMessage } from "../lib/error-message.ts";
import { ExpiringCache } from "../lib/expiring-cache.ts";
import type { Logger } from "../lib/logger.ts";
import type { Problem } from "../problem.ts";
import type { ChatModel } from "./chat-model.ts";
import { Breaker } from "./circuit.ts";
import { type Candidate, FallbackModel } from "./fallback-model.ts";
import type { GuardrailUpstream } from "./guardrail-upstream.ts";
import type { HttpEndpoint } from "./http-endpoint.ts";
import type { ModelDirectory } from "./model-directory.ts";
import { restedEndpoint, unavailableEndpoint } from "./rested-endpoint.ts";
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
  /** by name, of purpose "guardrail" */
  readonly guardrail: (name: string) => GuardrailUpstream | null;
  /** by name, of purpose "candidate" */
  readonly candidate: (name: string) => ChatModel | null;
}

interface Known {
  readonly models: Models;
  readonly freshUntil: number;
}

/** While nothing is known, no guardrail's server can be said not to exist. */
function unavailable(problem: Problem): Models {
  const model = new UnavailableModel(problem);
  const guardrail = { chat: model, endpoint: unavailableEndpoint(problem) };
  return { forClients: model, forOwnCalls: model, guardrail: () => guardrail, candidate: () => null };
}

export interface StoredModelDirectoryOptions {
  readonly upstreams: Pick<UpstreamStore, "listUpstreams">;
  /** A model for this upstream alone; one that is a problem where its credentials can't be read. */
  readonly makeModel: (upstream: Upstream) => Promise<ChatModel>;
  /** the same for what is no model */
  readonly makeEndpoint: (upstream: Upstream) => Promise<HttpEndpoint>;
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

  async guardrailUpstream(projectId: string, name: string): Promise<GuardrailUpstream | null> {
    return (await this.#models(projectId)).guardrail(name);
  }

  async candidateModel(projectId: string, name: string): Promise<ChatModel | null> {
    return (await this.#models(projectId)).candidate(name);
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
      if (known === undefined) return unavailable({ ...unknownUpstreams, cause: caught });
      const stale = { models: known.models, freshUntil: clock() + RETRY_MILLISECONDS };
      this.#known.set(projectId, stale, STALE_MILLISECONDS);
      return known.models;
    }
  }

  async #make(projectId: string): Promise<Models> {
    const { upstreams, defaultModel, logger } = this.#options;
    const found = await upstreams.listUpstreams(projectId);
    const candidates = await Promise.all(
      found.filter(({ purpose }) => purpose === "chat").map(async (upstream) => await this.#candidate(upstream)),
    );
    const guardrails = new Map<string, GuardrailUpstream>();
    for (const upstream of found.filter(({ purpose }) => purpose === "guardrail")) {
      // The first of a name is asked.
      if (!guardrails.has(upstream.name)) guardrails.set(upstream.name, await this.#guardrail(upstream));
    }
    const onTrial = new Map<string, ChatModel>();
    for (const upstream of found.filter(({ purpose }) => purpose === "candidate")) {
      // The operator chose its model's name, which no client could.
      const model = new FallbackModel([await this.#candidate(upstream)], "gateway", logger);
      if (!onTrial.has(upstream.name)) onTrial.set(upstream.name, model);
    }
    const guardrail = (name: string): GuardrailUpstream | null => guardrails.get(name) ?? null;
    const candidate = (name: string): ChatModel | null => onTrial.get(name) ?? null;
    if (candidates.length === 0) return { forClients: defaultModel, forOwnCalls: defaultModel, guardrail, candidate };
    return {
      forClients: new FallbackModel(candidates, "client", logger),
      forOwnCalls: new FallbackModel(candidates, "gateway", logger),
      guardrail,
      candidate,
    };
  }

  async #candidate(upstream: Upstream): Promise<Candidate> {
    const { id, models } = upstream;
    return { id, models, model: await this.#options.makeModel(upstream), breaker: this.#breaker(upstream) };
  }

  async #guardrail(upstream: Upstream): Promise<GuardrailUpstream> {
    const { makeEndpoint, logger } = this.#options;
    const candidate = await this.#candidate(upstream);
    return {
      chat: new FallbackModel([candidate], "gateway", logger),
      endpoint: restedEndpoint(await makeEndpoint(upstream), candidate.breaker),
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
