// The Worker as it is deployed: real queue delivery, real cron handler, the real ReleaseWorkflow.
import {
  createExecutionContext,
  createScheduledController,
  introspectWorkflow,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { DEFAULT_PROJECT_ID } from "../src/access/key.ts";
import type { UsageBatch } from "../src/access/usage.ts";
import { D1MistakeStore } from "../src/adapters/d1/d1-mistake-store.ts";
import { D1ReleaseStore } from "../src/adapters/d1/d1-release-store.ts";
import { openDatabase } from "../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../src/adapters/r2/r2-object-store.ts";
import { ObjectCaptureSink } from "../src/induction/object-capture-sink.ts";
import { minuteOf } from "../src/lib/utc-day.ts";
import worker from "../src/index.ts";
import { sha256 } from "../src/lib/hash.ts";
import { ADMIN_KEY } from "./setup/gateway.ts";
import {
  analysisOf,
  capturedAttack,
  capturedMistake,
  exchangeOf,
  newProjectId,
  releaseOf,
  reviewOf,
} from "./fixtures/records.ts";

const objects = new R2ObjectStore(env.OBJECTS);
const mistakes = new D1MistakeStore(openDatabase(env.DB), objects);
const releases = new D1ReleaseStore(openDatabase(env.DB));

async function ask(path: string, body?: object): Promise<unknown> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" };
  const response = await exports.default.fetch(`http://setback.test${path}`, { ...init, headers });
  return await response.json();
}

const seenSchema = z.looseObject({ usage: z.array(z.unknown()), outcomes: z.array(z.unknown()) });

const releaseSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  files: z.array(z.looseObject({ name: z.string(), sha256: z.string() })),
});

describe("the Worker", () => {
  it("answers a chat through the upstream that its settings name", async () => {
    const body = { model: "stub-model", messages: [{ role: "user", content: "Hello?" }] };
    expect(await ask("/v1/chat/completions", body)).toMatchObject({
      choices: [{ message: { content: "A mild answer of the upstream." }, finish_reason: "stop" }],
    });
  });

  it("counts what it does, and has it in the rollups some seconds later", { timeout: 30_000 }, async () => {
    const batch: UsageBatch = {
      id: `use_${crypto.randomUUID()}`,
      usage: [
        {
          projectId: DEFAULT_PROJECT_ID,
          keyId: "key_elsewhere",
          purpose: "judge",
          model: "m",
          minute: minuteOf(Date.now()),
          calls: 1,
          promptTokens: 7,
          completionTokens: 2,
          microDollars: 1,
        },
      ],
      outcomes: [],
    };
    await env.USAGE_QUEUE.send(batch, { contentType: "json" });
    await env.USAGE_QUEUE.send(batch, { contentType: "json" });
    await ask("/v1/chat/completions", { model: "stub-model", messages: [{ role: "user", content: "Hello?" }] });
    const judged: unknown = expect.objectContaining({
      purpose: "judge",
      calls: 1,
      prompt_tokens: 7,
      dollars: 0.000001,
    });
    const requested: unknown = expect.objectContaining({ outcome: "request" });
    await vi.waitFor(
      async () => {
        const seen = seenSchema.parse(await ask("/v1/usage?group_by=purpose"));
        expect(seen.usage).toContainEqual(judged);
        expect(seen.outcomes).toContainEqual(requested);
      },
      { timeout: 20_000, interval: 500 },
    );
  });

  it(
    "carries a captured mistake through both queues, and a reviewed one into a release",
    { timeout: 30_000 },
    async () => {
      const captured = capturedMistake(
        DEFAULT_PROJECT_ID,
        {},
        exchangeOf("Does the upstream lamp shine?", "It is mild."),
      );
      const { id } = captured.mistake;
      await env.CAPTURE_QUEUE.send(captured, { contentType: "json" });
      await env.CAPTURE_QUEUE.send(capturedAttack(DEFAULT_PROJECT_ID), { contentType: "json" });
      await vi.waitFor(
        async () => {
          expect(await ask(`/v1/mistakes/${id}`)).toMatchObject({
            state: "analysed",
            analyses: [{ text: "A mild answer of the upstream.", model: "stub-model" }],
          });
        },
        { timeout: 15_000, interval: 200 },
      );
      expect(await ask("/v1/attacks")).toMatchObject({ data: [{ object: "attack" }] });
      await ask(`/v1/mistakes/${id}/reviews`, { decision: "confirm" });

      const workflow = await introspectWorkflow(env.RELEASE_WORKFLOW);
      const asked = releaseSchema.parse(await ask("/v1/releases", {}));
      const [instance] = await workflow.get();
      await instance?.waitForStatus("complete");
      await workflow.dispose();
      const release = releaseSchema.parse(await ask(`/v1/releases/${asked.id}`));
      expect(release).toMatchObject({ status: "ready", counts: { analysis: 1, normal: 3 } });
      for (const { name, sha256: sum } of release.files) {
        const response = await exports.default.fetch(`http://setback.test/v1/releases/${asked.id}/files/${name}`, {
          headers: { authorization: `Bearer ${ADMIN_KEY}` },
        });
        expect(await sha256(new Uint8Array(await response.arrayBuffer()))).toBe(sum);
      }
      expect(await ask(`/v1/mistakes/${id}`)).toMatchObject({ state: "released" });
    },
  );

  it("keeps a poisoned message as a dead letter", { timeout: 15_000 }, async () => {
    await env.ANALYSIS_QUEUE.send({ poisoned: true }, { contentType: "json" });
    await vi.waitFor(
      async () => {
        expect(await objects.list("dead-letters/setback-analyses/", 10)).toHaveLength(1);
      },
      { timeout: 10_000, interval: 200 },
    );
    expect(await ask("/health")).toMatchObject({ status: "degraded", dead_letters: 1 });
  });

  it("replays the spool when cron comes", async () => {
    const captured = capturedMistake(DEFAULT_PROJECT_ID);
    await new ObjectCaptureSink(objects).accept(captured);
    const context = createExecutionContext();
    await worker.scheduled(createScheduledController({ cron: "* * * * *" }), env);
    await waitOnExecutionContext(context);
    expect((await mistakes.get(DEFAULT_PROJECT_ID, captured.mistake.id))?.mistake.id).toBe(captured.mistake.id);
  });
});

describe("ReleaseWorkflow", () => {
  it("records a failure and frees the mistakes when the making breaks for good", { timeout: 30_000 }, async () => {
    const project = newProjectId();
    const captured = capturedMistake(project);
    await mistakes.insertCaptured([captured]);
    await mistakes.addAnalysis(analysisOf(project, captured.mistake.id));
    await mistakes.review(reviewOf(project, captured.mistake.id));
    const release = releaseOf(project);
    await releases.insert(release);
    await mistakes.claimForRelease(project, release.id, 10);
    const workflow = await introspectWorkflow(env.RELEASE_WORKFLOW);
    await workflow.modifyAll(async (modifier) => {
      await modifier.disableRetryDelays();
      await modifier.mockStepError({ name: "publish" }, new Error("out of memory"));
    });
    await env.RELEASE_WORKFLOW.create({ id: release.id, params: { projectId: project, releaseId: release.id } });
    const [instance] = await workflow.get();
    await instance?.waitForStatus("complete");
    await workflow.dispose();
    const failed = await releases.get(project, release.id);
    expect(failed).toMatchObject({ status: "failed" });
    expect(failed?.failure).not.toContain("memory");
    expect(await mistakes.review(reviewOf(project, captured.mistake.id, { decision: "dismiss" }))).toBe("reviewed");
  });
});
