// The analysis queue's consumer: done, tried again later and later, or kept as a dead letter.
import { expect, it } from "vitest";
import { z } from "zod";
import { consumeAnalyses } from "../../src/jobs/analysis-consumer.ts";
import { tick } from "../../src/jobs/tick.ts";
import { minuteOf } from "../../src/lib/utc-day.ts";
import { unavailableEndpoint } from "../../src/model/rested-endpoint.ts";
import { ScriptedModel } from "../fakes/scripted-model.ts";
import { createGateway } from "../setup/gateway.ts";
import { says, scriptedUpstream } from "../setup/upstream.ts";
import { capturedMistake, newProjectId } from "../fixtures/records.ts";
import { batchOf } from "./fixtures.ts";

/** An analysis of the fixtures' exchange that passes the check. */
const SOUND = "It promises a full refund for the lamp, which the shop never offered.";

const GONE = { status: 503, type: "server_error", code: "gone", message: "m", param: null } as const;

const letterSchema = z.object({ queue: z.string(), attempts: z.number(), died_at: z.number(), body: z.unknown() });

async function storedMistake(
  gateway: ReturnType<typeof createGateway>,
): Promise<{ projectId: string; mistakeId: string }> {
  const projectId = newProjectId();
  const captured = capturedMistake(projectId);
  await gateway.services.mistakes.insertCaptured([captured]);
  return { projectId, mistakeId: captured.mistake.id };
}

it("analyses and acknowledges", async () => {
  const gateway = createGateway({ upstream: scriptedUpstream(says(SOUND)) });
  const request = await storedMistake(gateway);
  const batch = batchOf("setback-analyses", [request, request]);
  await consumeAnalyses(gateway.services, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged"]);
  const found = await gateway.services.mistakes.get(request.projectId, request.mistakeId);
  expect(found).toMatchObject({ mistake: { state: "analysed" }, analyses: [{ text: SOUND }] });
});

it.each([
  [1, 5],
  [2, 10],
  [4, 40],
  [6, 160],
  [7, 300],
  [60, 300],
])("after attempt %d tries again in %d s", async (attempts, delaySeconds) => {
  const gateway = createGateway({ upstream: scriptedUpstream(says("")) });
  const request = await storedMistake(gateway);
  const batch = batchOf("setback-analyses", [request], attempts);
  await consumeAnalyses(gateway.services, batch);
  expect(batch.outcomes).toEqual([{ id: "message-0", was: delaySeconds }]);
});

it("acknowledges what the day's budget can't buy, and analyses it on the next day", async () => {
  const upstream = scriptedUpstream(says(SOUND));
  const gateway = createGateway({ upstream, env: { SETBACK_ANALYSES_PER_KEY_PER_DAY: "1" } });
  const bought = await storedMistake(gateway);
  const captured = capturedMistake(bought.projectId);
  await gateway.services.mistakes.insertCaptured([captured]);
  const deferred = { projectId: bought.projectId, mistakeId: captured.mistake.id };
  const state = async (): Promise<string | undefined> =>
    (await gateway.services.mistakes.get(deferred.projectId, deferred.mistakeId))?.mistake.state;

  const batch = batchOf("setback-analyses", [bought, deferred]);
  await consumeAnalyses(gateway.services, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged"]);
  expect(upstream.requests).toHaveLength(1);
  expect(await state()).toBe("captured");

  const tomorrow = (): number => Date.now() + 86_400_000;
  const { analysis, resuming } = gateway.services;
  await tick({ ...gateway.services, resuming: { ...resuming, clock: tomorrow } });
  const resumed = gateway.analyses.take();
  expect(resumed).toContainEqual(deferred);
  const services = { ...gateway.services, analysis: { ...analysis, clock: tomorrow } };
  await consumeAnalyses(services, batchOf("setback-analyses", resumed));
  expect(await state()).toBe("analysed");
});

it("counts the tokens of an analysis for the key whose mistake it is", async () => {
  const gateway = createGateway({ upstream: scriptedUpstream(says(SOUND)) });
  const request = await storedMistake(gateway);
  await consumeAnalyses(gateway.services, batchOf("setback-analyses", [request]));
  await gateway.drainUsage();
  const { projectId } = request;
  const groupBy = ["key", "purpose", "model"] as const;
  const query = { projectId, fromMinute: 0, toMinute: minuteOf(Date.now()) + 1, groupBy, limit: 10 };
  expect(await gateway.services.usageReports.sumUsage(query)).toMatchObject([
    { keyId: "key_root", purpose: "analysis", model: "stub-model", calls: 1, promptTokens: 3, completionTokens: 4 },
  ]);
});

it("tries again when the database is down, and goes on with the next message", async () => {
  const gateway = createGateway({ upstream: scriptedUpstream(says("fine")) });
  const request = await storedMistake(gateway);
  const { services } = gateway;
  const { mistakes } = services.analysis;
  const failing = {
    get: async (projectId: string, id: string) => {
      if (id === "mis_fails") throw new Error("the database is down");
      return await mistakes.get(projectId, id);
    },
    addAnalysis: mistakes.addAnalysis.bind(mistakes),
  };
  const batch = batchOf("setback-analyses", [{ ...request, mistakeId: "mis_fails" }, request]);
  await consumeAnalyses({ ...services, analysis: { ...services.analysis, mistakes: failing } }, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual([5, "acknowledged"]);
});

it.each([null, "text", {}, { projectId: "", mistakeId: "mis_1" }, { projectId: "prj_1" }])(
  "keeps a message that it can't read: %j",
  async (body) => {
    const gateway = createGateway();
    const queue = `poisoned-${crypto.randomUUID()}`;
    const batch = batchOf(queue, [body], 3);
    await consumeAnalyses(gateway.services, batch);
    expect(batch.outcomes).toEqual([{ id: "message-0", was: "acknowledged" }]);
    const letter = await gateway.services.objects.getText(`dead-letters/${queue}/message-0.json`);
    expect(letterSchema.parse(JSON.parse(letter ?? ""))).toMatchObject({ queue, attempts: 3, body });
  },
);

it("asks the analyst that the policy names, as often as it says, and no other model where that one is gone", async () => {
  const upstream = scriptedUpstream(says("Bad."));
  const policy = { analysis: { upstream: "the-analyst", model: "analyst-1", attempts: 2 } };
  const gateway = createGateway({ upstream, policy });
  const request = await storedMistake(gateway);
  const missing = batchOf("setback-analyses", [request]);
  await consumeAnalyses(gateway.services, missing);
  expect(missing.outcomes.map(({ was }) => was)).toEqual([5]);
  expect(upstream.requests).toEqual([]);

  const analyst = new ScriptedModel("Bad.");
  const { models } = gateway.services;
  const named: typeof models = {
    forProject: models.forProject.bind(models),
    forOwnCalls: models.forOwnCalls.bind(models),
    candidateModel: models.candidateModel.bind(models),
    forget: models.forget.bind(models),
    guardrailUpstream: async (_project, name) =>
      await Promise.resolve(name === "the-analyst" ? { chat: analyst, endpoint: unavailableEndpoint(GONE) } : null),
  };
  await consumeAnalyses({ ...gateway.services, models: named }, batchOf("setback-analyses", [request]));
  expect(analyst.requests).toMatchObject([{ model: "analyst-1" }, { model: "analyst-1" }]);
  expect(upstream.requests).toEqual([]);
});
