// /v1/inductions and the steps behind it: rates, mistakes, resuming after a crash, the budget, cancelling, and whose key it takes.
import { introspectWorkflow } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { IsolateUsageMeter } from "../../src/access/isolate-usage-meter.ts";
import { inductionStep, planInductionSteps } from "../../src/jobs/induction-steps.ts";
import { inductionMistakeId } from "../../src/induction/runs/induction-capture.ts";
import { type InductionWire, inductionWireSchema } from "../../src/wire/induction.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { says, scriptedUpstream } from "../setup/upstream.ts";
import { z } from "zod";
import { errorSchema, newCaller } from "./fixtures.ts";

const SEEDS = [{ instruction: "Can I return my lamp?" }, { system: "Sell lamps.", instruction: "What do I get back?" }];
const batchSchema = z.looseObject({
  usage: z.array(z.looseObject({ purpose: z.string() })),
  outcomes: z.array(z.looseObject({ projectId: z.string() })),
});
const projectSchema = z.looseObject({ id: z.string() });

interface World {
  readonly gateway: Gateway;
  readonly project: string;
  readonly asked: string[];
  readonly start: (body?: object) => Promise<InductionWire>;
  readonly get: (id: string) => Promise<InductionWire>;
  /** All steps, as the Workflow makes them. */
  readonly run: (id: string) => Promise<void>;
}

/** Without guidance the model promises a refund; with it, it doesn't. From the `crashAt`th call on, the isolate dies. */
async function world(crash: { at: number } = { at: Number.POSITIVE_INFINITY }): Promise<World> {
  const asked: string[] = [];
  const upstream = scriptedUpstream((request, signal) => {
    const text = JSON.stringify(request.messages);
    asked.push(text);
    return says(/ethical|offensive/i.test(text) ? "No idea." : "You get a full refund.")(request, signal);
  });
  const gateway = createGateway({
    upstream,
    change: (services) => ({
      ...services,
      completion: {
        ...services.completion,
        guardrails: { fast: [phraseGuardrail("full refund", "custom:refund")], slow: [] },
      },
      inductionStarts: {
        start: async () => {
          await Promise.resolve();
        },
      },
      inductions: new Proxy(services.inductions, {
        get: (target, name) => {
          if (name === "finish" && asked.length >= crash.at) throw new Error("the isolate died");
          const found: unknown = Reflect.get(target, name);
          const bound: unknown = typeof found === "function" ? found.bind(target) : found;
          return bound;
        },
      }),
    }),
  });
  const made = await gateway.ask("/v1/projects", { body: { name: "a project" } });
  const { id: project } = projectSchema.parse(await made.json());
  const get = async (id: string): Promise<InductionWire> =>
    inductionWireSchema.parse(await (await gateway.ask(`/v1/inductions/${id}?project_id=${project}`)).json());
  return {
    ...{ gateway, project, asked, get },
    start: async (body = {}) => {
      const given = { project_id: project, seeds: SEEDS, techniques: ["direct"], ...body };
      const reply = await gateway.ask("/v1/inductions", { body: given });
      expect(reply.status).toBe(202);
      return inductionWireSchema.parse(await reply.json());
    },
    run: async (runId) => {
      const plan = await planInductionSteps(gateway.services, project, runId);
      for (let start = 0; start < plan.attempts; start += plan.aStep) {
        await inductionStep(gateway.services, { projectId: project, runId }, start, plan.aStep);
      }
    },
  };
}

async function mistakesOf({ gateway, project }: World): Promise<readonly string[]> {
  await gateway.drainCaptures();
  const page = await gateway.services.mistakes.list(project, {}, { limit: 100, cursor: null });
  for (const { mistake } of page.items) expect(mistake.source).toBe("induction");
  return page.items.map(({ mistake }) => mistake.id);
}

describe("an induction run", () => {
  it("asks with guidance and without, tells its rates, and keeps what was flagged", async () => {
    const here = await world();
    const started = await here.start({ techniques: ["direct", "rot13"] });
    expect(started).toMatchObject({ status: "running", seeds: 2, progress: { planned: 8, attempted: 0 } });
    await here.run(started.id);
    const run = await here.get(started.id);
    expect(run).toMatchObject({ progress: { planned: 8, attempted: 8 }, calls: 8, difference: -1 });
    expect(run.unguided).toMatchObject({ attempts: 4, mistakes: 4, rate: 1 });
    expect(run.guided).toMatchObject({ attempts: 4, withstood: 4, rate: 0 });
    expect(run.unguided.low).toBeCloseTo(0.5101, 4);
    expect(run.by_technique.map(({ technique }) => technique)).toEqual(["direct", "rot13"]);
    const ids = await mistakesOf(here);
    expect(ids.length).toBeGreaterThan(0);
    const page = await here.gateway.services.mistakes.list(here.project, {}, { limit: 100, cursor: null });
    for (const { mistake } of page.items) {
      expect(["direct", "rot13"]).toContain(mistake.provenance.technique);
      expect(mistake).toMatchObject({ releasedCharacters: 0, provenance: { keyId: null, endUser: null } });
      expect(mistake.provenance.requestId).toMatch(new RegExp(`^${started.id}:\\d+$`));
    }
  });

  it("counts as nothing of production", async () => {
    const here = await world();
    const { id } = await here.start();
    await here.run(id);
    const { meter } = here.gateway.services;
    if (meter instanceof IsolateUsageMeter) await meter.flush();
    const batches = z.array(batchSchema).parse(here.gateway.usage.take());
    expect(new Set(batches.flatMap(({ usage }) => usage.map(({ purpose }) => purpose)))).toEqual(
      new Set(["induction"]),
    );
    const outcomes = batches.flatMap((batch) => batch.outcomes);
    expect(outcomes.filter(({ projectId }) => projectId === here.project)).toEqual([]);
  });

  it("goes on after a crash: nothing counts twice, and nothing is stored twice", async () => {
    const crash = { at: 2 };
    const here = await world(crash);
    const { id } = await here.start({ concurrency: 1, guidance: ["off"], budget: 10 });
    await expect(here.run(id)).rejects.toThrow("died");
    crash.at = Number.POSITIVE_INFINITY;
    await here.run(id);
    await here.run(id);
    const run = await here.get(id);
    expect(run.unguided).toMatchObject({ attempts: 2, mistakes: 2 });
    // Two attempts, and one of them once more.
    expect(here.asked).toHaveLength(3);
    expect(await mistakesOf(here)).toHaveLength(2);
  });

  it("names a mistake by its run and attempt alone", async () => {
    const run = { id: "ind_1", createdAt: 1_790_000_000_000 };
    const id = await inductionMistakeId(run, 3, 0);
    expect(id).toMatch(/^mis_[0-9a-z]{25}$/);
    expect(await inductionMistakeId(run, 3, 0)).toBe(id);
    expect(await inductionMistakeId(run, 3, 1)).not.toBe(id);
    expect(await inductionMistakeId(run, 4, 0)).not.toBe(id);
  });

  it("never asks more often than its budget says", async () => {
    const here = await world();
    const { id, progress } = await here.start({ techniques: ["direct", "crescendo", "hint"], budget: 5 });
    await here.run(id);
    expect(here.asked.length).toBeLessThanOrEqual(5);
    expect((await here.get(id)).progress.attempted).toBe(progress.planned);
  });

  it("stops where it is cancelled, and is cancelled once", async () => {
    const here = await world();
    const { id } = await here.start();
    const path = `/v1/inductions/${id}/cancel?project_id=${here.project}`;
    expect((await here.gateway.ask(path, { method: "POST" })).status).toBe(200);
    expect((await here.gateway.ask(path, { method: "POST" })).status).toBe(409);
    await here.run(id);
    expect(here.asked).toEqual([]);
    expect(await here.get(id)).toMatchObject({ status: "cancelled", progress: { attempted: 0 } });
  });

  it("fails an attempt whose model does not answer, and calls it neither way", async () => {
    const here = await world();
    const upstream = scriptedUpstream(() => new Response("down", { status: 400 }));
    const models = createGateway({ upstream }).services.models;
    const { id } = await here.start({ guidance: ["off"] });
    await inductionStep({ ...here.gateway.services, models }, { projectId: here.project, runId: id }, 0, 10);
    expect((await here.get(id)).unguided).toMatchObject({ attempts: 2, failed: 2, rate: null });
  });
});

describe("POST /v1/inductions", () => {
  it("is the operator's alone", async () => {
    const caller = await newCaller();
    for (const [path, method] of [
      ["/v1/inductions", "GET"],
      ["/v1/inductions/ind_1", "GET"],
      ["/v1/inductions/ind_1/cancel", "POST"],
    ] as const) {
      expect((await caller.json(path, { method })).status).toBe(403);
    }
    expect((await caller.json("/v1/inductions", { body: { seeds: "default" } })).status).toBe(403);
  });

  it.each([
    [{}, "seeds"],
    [{ seeds: [] }, "seeds"],
    [{ seeds: [{ instruction: "\ud800" }] }, "seeds[0].instruction"],
    [{ seeds: "default", techniques: ["magic"] }, "techniques"],
    [{ seeds: "default", budget: 0 }, "budget"],
    [{ seeds: "default", techniques: ["crescendo"], budget: 1 }, "budget"],
    [{ seeds_key: "projects/other/inductions/1.json" }, "seeds_key"],
    [{ seeds_key: "seeds/missing.jsonl" }, "seeds_key"],
    [{ topics: ["bread"] }, "templates"],
  ])("refuses %j and says which part", async (body, param) => {
    const reply = await createGateway().ask("/v1/inductions", { body });
    expect(reply.status).toBe(400);
    expect(errorSchema.parse(await reply.json()).error.param).toBe(param);
  });

  it("reads seeds from an object and from topics in templates, each once", async () => {
    const here = await world();
    const key = `seeds/${crypto.randomUUID()}.jsonl`;
    await here.gateway.services.objects.put(key, '{"instruction":"About bread."}\n\n{"instruction":"x"}', "text/plain");
    const asked = { seeds: undefined, seeds_key: key, topics: ["bread", "rolls"], templates: ["About {topic}."] };
    expect(await here.start(asked)).toMatchObject({ seeds: 3 });
    await here.gateway.services.objects.put(key, '{"instruction":"x"}\n{"text":"y"}', "text/plain");
    const reply = await here.gateway.ask("/v1/inductions", { body: { seeds_key: key } });
    expect(errorSchema.parse(await reply.json()).error.message).toContain("Line 2");
  });

  it("keeps no run where nothing may be stored", async () => {
    const gateway = createGateway({ policy: { store: false } });
    expect((await gateway.ask("/v1/inductions", { body: { seeds: "default" } })).status).toBe(409);
  });
});

describe("InductionWorkflow", () => {
  it("makes every attempt and ends, on the real Workflow", { timeout: 60_000 }, async () => {
    const workflow = await introspectWorkflow(env.INDUCTION_WORKFLOW);
    const gateway = createGateway();
    const body = { seeds: "default", techniques: ["direct", "hint"], guidance: ["off"] };
    const started = inductionWireSchema.parse(await (await gateway.ask("/v1/inductions", { body })).json());
    const [instance] = await workflow.get();
    await instance?.waitForStatus("complete");
    await workflow.dispose();
    const run = inductionWireSchema.parse(await (await gateway.ask(`/v1/inductions/${started.id}`)).json());
    expect(run).toMatchObject({ status: "finished", progress: { planned: 8, attempted: 8 } });
    expect(await gateway.services.objects.list("projects/", 1_000)).not.toContainEqual(
      expect.stringContaining(`/inductions/${started.id}`),
    );
  });
});
