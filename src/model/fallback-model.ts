// One model over several upstreams: the first that answers. Law: another is asked only before the first byte, and never for what
// is the client's own fault; a client that went away is no failure of an upstream.
import { err, ok, type Result } from "../lib/result.ts";
import type { Logger } from "../lib/logger.ts";
import { invalidRequest, type Problem } from "../problem.ts";
import type { ChatCompletion, ChatRequest, ModelList } from "../wire/chat-completion.ts";
import type { ChatModel, ChatStream } from "./chat-model.ts";
import type { Breaker } from "./circuit.ts";
import { modelNotFound } from "./named-model.ts";
import { allResting, CLIENT_CLOSED, isUpstreamsFault, reportedCall } from "./reported-call.ts";
import { upstreamName, type Caller } from "./upstream-name.ts";
import type { ModelNames } from "./upstream.ts";

export interface Candidate {
  readonly id: string;
  readonly models: ModelNames;
  readonly model: ChatModel;
  readonly breaker: Breaker;
}

export class FallbackModel implements ChatModel {
  readonly #candidates: readonly Candidate[];
  readonly #caller: Caller;
  readonly #logger: Logger;

  /** In the order in which they are asked. */
  constructor(candidates: readonly Candidate[], caller: Caller, logger: Logger) {
    this.#candidates = candidates;
    this.#caller = caller;
    this.#logger = logger;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatCompletion, Problem>> {
    return await this.#first(request, async ({ model }, named) => await model.complete(named, signal));
  }

  async stream(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatStream, Problem>> {
    return await this.#first(request, async ({ model, breaker }, named, ticket) => {
      const stream = await model.stream(named, signal);
      return stream.ok ? ok(reporting(stream.value, breaker, ticket)) : stream;
    });
  }

  /** What clients can ask for: the maps' own names, or what the upstream lists where it has no map. */
  async models(signal: AbortSignal): Promise<Result<ModelList, Problem>> {
    const data = new Map<string, ModelList["data"][number]>();
    let failure: Problem | null = null;
    for (const { models, model } of this.#candidates) {
      const names = Object.keys(models);
      const listed: Result<ModelList, Problem> =
        names.length > 0
          ? ok({ object: "list", data: names.map((id) => ({ id, object: "model" })) })
          : await model.models(signal);
      if (!listed.ok) failure = listed.error;
      else for (const each of listed.value.data) if (!data.has(each.id)) data.set(each.id, each);
    }
    return failure !== null && data.size === 0 ? err(failure) : ok({ object: "list", data: [...data.values()] });
  }

  async #first<Value>(
    request: ChatRequest,
    ask: (candidate: Candidate, named: ChatRequest, ticket: number) => Promise<Result<Value, Problem>>,
  ): Promise<Result<Value, Problem>> {
    let passedOver = 0;
    let isServed = false;
    let last: Problem | null = null;
    for (const candidate of this.#candidates) {
      const model = upstreamName(candidate.models, request.model, this.#caller);
      if (model === null) continue;
      isServed = true;
      const ticket = candidate.breaker.admit();
      if (ticket === null) {
        passedOver += 1;
        continue;
      }
      const answered = await reportedCall(candidate.breaker, ticket, ask(candidate, { ...request, model }, ticket));
      if (answered.ok && passedOver > 0) this.#logger.info("upstream_fallback", { upstream: candidate.id, passedOver });
      if (answered.ok || !isUpstreamsFault(answered.error)) return answered;
      const { status, code } = answered.error;
      this.#logger.error("upstream_failed", { upstream: candidate.id, status, code });
      last = answered.error;
      passedOver += 1;
    }
    if (isServed) return err(last ?? allResting);
    const missing = invalidRequest("model: name the model to ask.", "model", "missing_model");
    return err(request.model === undefined ? missing : modelNotFound(request.model));
  }
}

/** A stream that breaks after its first event counts against its upstream too. */
function reporting(stream: ChatStream, breaker: Breaker, ticket: number): ChatStream {
  let isReported = false;
  return {
    read: async () => {
      const read = await stream.read();
      if (read.kind === "failed" && read.problem.status !== CLIENT_CLOSED && !isReported) {
        isReported = true;
        breaker.report(ticket, "failed");
      }
      return read;
    },
    cancel: async () => {
      await stream.cancel();
    },
  };
}
