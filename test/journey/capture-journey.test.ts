// What a mistake survives on its way into the store: on real D1 and R2. The named checks here are what `npm run mutation` expects
// to go red.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import { tick } from "../../src/jobs/tick.ts";
import type { Captured } from "../../src/mistake/mistake-store.ts";
import { mistakeWireSchema } from "../../src/wire/mistake.ts";
import { HeldQueue } from "../fakes/held-queue.ts";
import { ObservedDatabase } from "../fakes/observed-database.ts";
import { capturedMistake, exchangeOf, newProjectId } from "../fixtures/records.ts";
import { batchOf } from "../jobs/fixtures.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../setup/event-stream.ts";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { makeKey } from "../setup/keys.ts";
import { says, scriptedUpstream } from "../setup/upstream.ts";

const FLAGGED = { operator_rules: [{ id: "refund", phrase: "full refund", message: "promises a refund" }] };
const ASKED = { model: "stub-model", messages: [{ role: "user", content: "Can I return my lamp?" }] };
const listSchema = z.object({ data: z.array(mistakeWireSchema) });

async function requestIdsOf(gateway: Gateway): Promise<readonly string[]> {
  const { data } = listSchema.parse(await (await gateway.ask("/v1/mistakes?limit=100")).json());
  return data.map(({ request_id: id }) => id);
}

/** A queue that takes nothing until it is let. */
class GatedQueue extends HeldQueue {
  readonly open = Promise.withResolvers<undefined>();
  isAsked = false;

  override async send(message: unknown): Promise<QueueSendResponse> {
    this.isAsked = true;
    await this.open.promise;
    return await super.send(message);
  }
}

const STREAM = eventText(
  chunkOf("You get a "),
  chunkOf("full refund."),
  { ...chunkOf(""), choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  "[DONE]",
);

describe("the final byte of a flagged answer", () => {
  it.each([
    ["JSON", false],
    ["stream", true],
  ])("leaves only once a sink has the mistake: %s", async (_, stream) => {
    const queue = new GatedQueue();
    const answer = stream ? streams(scriptedBody([STREAM])) : says("You get a full refund.");
    const gateway = createGateway({
      upstream: scriptedUpstream(answer),
      policy: FLAGGED,
      env: { CAPTURE_QUEUE: queue },
    });
    let text = "";
    let isOver = false;
    const reading = (async () => {
      const reply = await gateway.chat({ ...ASKED, stream });
      const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) text += read.value;
      isOver = true;
    })();
    await expect.poll(() => queue.isAsked, { timeout: 5_000 }).toBe(true);
    await scheduler.wait(50);
    expect([isOver, text.includes('finish_reason":"content_filter'), text.includes("[DONE]")]).toEqual([
      false,
      false,
      false,
    ]);
    queue.open.resolve(undefined);
    await reading;
    expect(queue.take()).toHaveLength(1);
    expect(text).toContain("content_filter");
  });

  it("is told from a request that was cut off: each that ends is counted as ended", async () => {
    const gateway = createGateway({ upstream: scriptedUpstream(streams(scriptedBody([STREAM]))) });
    const outcomes: string[] = [];
    const { meter } = gateway.services;
    const count = meter.count.bind(meter);
    meter.count = (counted) => {
      outcomes.push(counted.outcome);
      count(counted);
    };
    const reply = await gateway.chat({ ...ASKED, stream: true });
    expect(outcomes).toEqual(["request"]);
    await reply.text();
    expect(outcomes.at(-1)).toBe("request_ended");
    const left = await gateway.chat({ ...ASKED, stream: true });
    await left.body?.cancel();
    expect(outcomes.filter((each) => each === "request_ended")).toHaveLength(2);
  });
});

describe("a mistake on its way into the store", () => {
  it("idempotency: a batch that comes again, with a new one in it, stores each once", async () => {
    const { services } = createGateway();
    const project = newProjectId();
    const another = (answer: string): Captured =>
      capturedMistake(project, {}, exchangeOf("Can I return my lamp?", answer));
    const bodies = [another("You get a full refund."), another("Lyon is the capital.")];
    await consumeCaptured(services, batchOf("setback-captures", bodies));
    const again = batchOf("setback-captures", [...bodies, another("The shop is open at night.")]);
    await consumeCaptured(services, again);
    expect(again.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged", "acknowledged"]);
    expect((await services.mistakes.list(project, {}, { limit: 10, cursor: null })).items).toHaveLength(3);
  });

  it("sink: it is kept without the queue, and without queue and database, until cron brings it back", async () => {
    const queue = new HeldQueue();
    queue.refuses = true;
    const database = new ObservedDatabase(env.DB);
    const upstream = scriptedUpstream(says("You get a full refund."));
    const bindings = { CAPTURE_QUEUE: queue, DB: database.binding };
    const gateway = createGateway({ upstream, policy: FLAGGED, env: bindings });
    const { key } = await makeKey(gateway, "chat");
    const first = await gateway.chat(ASKED, { key });
    database.down = true;
    const second = await gateway.chat({ ...ASKED, messages: [{ role: "user", content: "And my chair?" }] }, { key });
    database.down = false;
    const ids = [first, second].map(({ headers }) => headers.get("x-request-id"));
    expect(await requestIdsOf(gateway)).toEqual(expect.arrayContaining(ids.slice(0, 1)));
    await tick(gateway.services);
    expect(await requestIdsOf(gateway)).toEqual(expect.arrayContaining(ids));
  });
});
