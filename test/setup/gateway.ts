// A gateway in a test: the real application on real D1, R2 and queues, over a scripted model server.
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { IsolateUsageMeter } from "../../src/access/isolate-usage-meter.ts";
import type { Env } from "../../src/adapters/env.ts";
import { createApp } from "../../src/app.ts";
import { consumeAnalyses } from "../../src/jobs/analysis-consumer.ts";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import { consumeUsage } from "../../src/jobs/usage-consumer.ts";
import type { QueueBatch } from "../../src/jobs/queue-message.ts";
import { createServices } from "../../src/services.ts";
import type { AppServices } from "../../src/middleware/app-services.ts";
import { HeldQueue } from "../fakes/held-queue.ts";
import { mutate } from "./mutation.ts";
import { says, scriptedUpstream, UPSTREAM_URL, type Upstream } from "./upstream.ts";

export const ADMIN_KEY = "test-admin-key-0123456789abcdef";

export interface Gateway {
  readonly services: AppServices;
  readonly upstream: Upstream;
  /** With the operator's key unless `key` says otherwise; null sends none. A body makes it a POST of JSON. */
  readonly ask: (path: string, options?: AskOptions) => Promise<Response>;
  /** A POST of lines of JSON, as a stream. */
  readonly send: (path: string, body: ReadableStream<Uint8Array>) => Promise<Response>;
  readonly captures: HeldQueue;
  readonly analyses: HeldQueue;
  readonly usage: HeldQueue;
  /** Runs the capture consumer over what the capture queue holds. */
  readonly drainCaptures: () => Promise<Drained>;
  /** Flushes the meter, and runs the usage consumer over what the usage queue then holds. */
  readonly drainUsage: () => Promise<Drained>;
  /** Runs the analysis consumer over what the analysis queue holds. */
  readonly drainAnalyses: () => Promise<Drained>;
  readonly chat: (body: object, options?: Pick<AskOptions, "key">) => Promise<Response>;
}

/** What became of the messages of one drained queue. */
export interface Drained {
  readonly acknowledged: number;
  readonly retried: number;
}

export interface AskOptions {
  readonly method?: string;
  readonly body?: object | string;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface GatewayOptions {
  readonly upstream?: Upstream;
  /** replaces keys of the default policy */
  readonly policy?: object;
  /** further settings, or bindings that fail */
  readonly env?: Partial<Env>;
  /** the last word on the services, after the mutation */
  readonly change?: (services: AppServices) => AppServices;
}

type Consume = (services: AppServices, batch: QueueBatch) => Promise<void>;

async function drain(
  queue: string,
  bodies: readonly unknown[],
  consume: Consume,
  services: AppServices,
): Promise<Drained> {
  const messages = bodies.map((body, index) => ({ id: `${queue}-${index}`, timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch(queue, messages);
  await consume(services, batch);
  const result = await getQueueResult(batch, createExecutionContext());
  return {
    acknowledged: result.ackAll ? messages.length : result.explicitAcks.length,
    retried: result.retryBatch.retry ? messages.length : result.retryMessages.length,
  };
}

export function createGateway(options: GatewayOptions = {}): Gateway {
  const upstream = options.upstream ?? scriptedUpstream(says("Hello."));
  const captures = new HeldQueue();
  const analyses = new HeldQueue();
  const usage = new HeldQueue();
  const bindings: Env = {
    ...env,
    CAPTURE_QUEUE: captures,
    ANALYSIS_QUEUE: analyses,
    USAGE_QUEUE: usage,
    SETBACK_ADMIN_KEY: ADMIN_KEY,
    SETBACK_UPSTREAM_URL: UPSTREAM_URL,
    ...(options.policy === undefined ? {} : { SETBACK_POLICY: JSON.stringify(options.policy) }),
    ...options.env,
  };
  const made = createServices(bindings, {
    clock: () => Date.now(),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    random: () => 0,
    fetch: upstream.fetch,
  });
  const mutated = mutate(made, env.TEST_MUTATION);
  const services = options.change?.(mutated) ?? mutated;
  const app = createApp<Env>(() => services);
  const ask = async (
    path: string,
    { method, body, key = ADMIN_KEY, headers, signal }: AskOptions = {},
  ): Promise<Response> => {
    const request = new Request(`http://gateway.test${path}`, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    return await app.fetch(request, bindings);
  };
  const send = async (path: string, body: ReadableStream<Uint8Array>): Promise<Response> => {
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/jsonl" };
    return await app.fetch(new Request(`http://gateway.test${path}`, { method: "POST", headers, body }), bindings);
  };
  return {
    services,
    upstream,
    send,
    captures,
    analyses,
    usage,
    drainCaptures: async () => await drain("setback-captures", captures.take(), consumeCaptured, services),
    drainAnalyses: async () => await drain("setback-analyses", analyses.take(), consumeAnalyses, services),
    drainUsage: async () => {
      if (made.meter instanceof IsolateUsageMeter) await made.meter.flush();
      return await drain("setback-usage", usage.take(), consumeUsage, services);
    },
    ask,
    chat: async (body, { key } = {}) =>
      await ask("/v1/chat/completions", { body, ...(key === undefined ? {} : { key }) }),
  };
}
