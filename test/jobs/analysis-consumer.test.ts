// The analysis queue's consumer: done, tried again later and later, or kept as a dead letter.
import { expect, it } from "vitest";
import { z } from "zod";
import { consumeAnalyses } from "../../src/jobs/analysis-consumer.ts";
import { createGateway } from "../setup/gateway.ts";
import { says, scriptedUpstream } from "../setup/upstream.ts";
import { capturedMistake, newProjectId } from "../fixtures/records.ts";
import { batchOf } from "./fixtures.ts";

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
  const gateway = createGateway({ upstream: scriptedUpstream(says("It promises too much.")) });
  const request = await storedMistake(gateway);
  const batch = batchOf("setback-analyses", [request, request]);
  await consumeAnalyses(gateway.services, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged"]);
  const found = await gateway.services.mistakes.get(request.projectId, request.mistakeId);
  expect(found).toMatchObject({ mistake: { state: "analysed" }, analyses: [{ text: "It promises too much." }] });
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
