// What a mistake survives on its way into the store: on real D1 and R2. The named checks here are what `npm run mutation` expects
// to go red.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import { tick } from "../../src/jobs/tick.ts";
import { mistakeWireSchema } from "../../src/wire/mistake.ts";
import { HeldQueue } from "../fakes/held-queue.ts";
import { ObservedDatabase } from "../fakes/observed-database.ts";
import { capturedMistake, newProjectId } from "../fixtures/records.ts";
import { batchOf } from "../jobs/fixtures.ts";
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

describe("a mistake on its way into the store", () => {
  it("idempotency: a batch that comes again, with a new one in it, stores each once", async () => {
    const { services } = createGateway();
    const project = newProjectId();
    const bodies = [capturedMistake(project), capturedMistake(project)];
    await consumeCaptured(services, batchOf("setback-captures", bodies));
    const again = batchOf("setback-captures", [...bodies, capturedMistake(project)]);
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
    const second = await gateway.chat(ASKED, { key });
    database.down = false;
    const ids = [first, second].map(({ headers }) => headers.get("x-request-id"));
    expect(await requestIdsOf(gateway)).toEqual(expect.arrayContaining(ids.slice(0, 1)));
    await tick(gateway.services);
    expect(await requestIdsOf(gateway)).toEqual(expect.arrayContaining(ids));
  });
});
