// /v1/inductions: starts an induction run, tells how far it is and what came of it, cancels it. Law: the operator's key alone, since
// it spends his model and writes his training data.
import { createRoute, z } from "@hono/zod-openapi";
import { inductionReport, type InductionRate } from "../induction/runs/induction-report.ts";
import { readSeeds } from "../induction/runs/read-seeds.ts";
import { TECHNIQUE_IDS } from "../induction/techniques/catalogue.ts";
import { endInduction } from "../jobs/induction-steps.ts";
import { startInduction } from "../jobs/start-induction.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { INDUCTION_ARMS, type InductionRun } from "../mistake/induction-run.ts";
import { conflict, invalidRequest, notFound, ProblemError, unwrap } from "../problem.ts";
import {
  inductionRequestSchema,
  type InductionRateWire,
  type InductionWire,
  inductionWireSchema,
} from "../wire/induction.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { seconds } from "../wire/seconds.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { projectOf, requireOperator } from "./operator-only.ts";

const idSchema = z.object({ id: z.string().min(1).max(64) });
const projectQuerySchema = z.object({ project_id: z.string().min(1).max(64).optional() });

const startRoute = createRoute({
  method: "post",
  path: "/v1/inductions",
  summary: "Starts an induction run: techniques of a red team against your own model",
  description: `Each seed is wrapped by each technique and asked of the deployed model, with guidance and without; what guardrails flag is a mistake of source induction. Nothing of it counts as production. Techniques: ${TECHNIQUE_IDS.join(", ")}.`,
  security: bearer,
  request: { body: jsonBodyOf(inductionRequestSchema) },
  responses: {
    202: jsonReply("The run", inductionWireSchema),
    400: problemReply,
    ...keyReplies,
    404: problemReply,
    409: problemReply,
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/inductions",
  summary: "Induction runs, newest first",
  security: bearer,
  request: { query: pageQuerySchema.extend(projectQuerySchema.shape) },
  responses: { 200: jsonReply("A page", listSchema(inductionWireSchema)), 400: problemReply, ...keyReplies },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/inductions/{id}",
  summary: "One induction run: its progress, and attack success rates",
  security: bearer,
  request: { params: idSchema, query: projectQuerySchema },
  responses: { 200: jsonReply("The run", inductionWireSchema), ...keyReplies, 404: problemReply },
});

const cancelRoute = createRoute({
  method: "post",
  path: "/v1/inductions/{id}/cancel",
  summary: "Ends a run: attempts under way are finished, no other is begun",
  security: bearer,
  request: { params: idSchema, query: projectQuerySchema },
  responses: { 200: jsonReply("The run", inductionWireSchema), ...keyReplies, 404: problemReply, 409: problemReply },
});

function rateToWire({ interval, inputBlocked, ...rate }: InductionRate): InductionRateWire {
  return { ...rate, input_blocked: inputBlocked, ...interval };
}

async function toWire(
  { inductions }: Pick<AppServices, "inductions">,
  { settings, ...run }: InductionRun,
): Promise<InductionWire> {
  const report = inductionReport(await inductions.tallies(run.projectId, run.id));
  const { unguided, guided } = report.overall;
  return {
    id: run.id,
    object: "induction",
    status: run.status,
    trigger: run.trigger,
    techniques: [...settings.techniques],
    techniques_version: run.techniquesVersion,
    guidance: settings.arms.map((arm) => (arm === "guided" ? "on" : "off")),
    budget: settings.budget,
    concurrency: settings.concurrency,
    seed: settings.seed,
    model: settings.model,
    temperature: settings.temperature,
    max_tokens: settings.maxTokens,
    pass_inputs: settings.passInputs,
    seeds: run.seeds,
    progress: { planned: run.attempts, attempted: unguided.attempts + guided.attempts },
    calls: report.calls,
    unguided: rateToWire(unguided),
    guided: rateToWire(guided),
    difference: report.difference,
    by_technique: report.techniques.map(({ technique, arms }) => ({
      technique,
      unguided: rateToWire(arms.unguided),
      guided: rateToWire(arms.guided),
    })),
    failure: run.failure,
    created_at: seconds(run.createdAt),
    ended_at: run.endedAt === null ? null : seconds(run.endedAt),
  };
}

async function found({ inductions }: AppServices, projectId: string, id: string): Promise<InductionRun> {
  const run = await inductions.get(projectId, id);
  if (run === null) throw new ProblemError(notFound("induction run", id));
  return run;
}

export const inductions = createRouter()
  .openapi(startRoute, async (context) => {
    const { services, key } = context.var;
    requireOperator(key);
    const asked = context.req.valid("json");
    const projectId = await projectOf(services, key, asked.project_id);
    const techniques = [...new Set(asked.techniques ?? TECHNIQUE_IDS)];
    const unknown = techniques.find((id) => !TECHNIQUE_IDS.includes(id));
    if (unknown !== undefined) {
      throw new ProblemError(
        invalidRequest(`There is no technique "${unknown}"; see /docs for those there are.`, "techniques"),
      );
    }
    const seeds = unwrap(await readSeeds(services.objects, asked));
    const arms = INDUCTION_ARMS.filter((arm) => asked.guidance.includes(arm === "guided" ? "on" : "off"));
    const { budget, concurrency, seed, model, temperature } = asked;
    const run = await startInduction(services, {
      ...{ projectId, trigger: "request", seeds },
      settings: {
        ...{ techniques, arms, budget, concurrency, seed, model, temperature },
        ...{ maxTokens: asked.max_tokens, passInputs: asked.pass_inputs },
      },
    });
    return context.json(await toWire(services, run), 202);
  })
  .openapi(listRoute, async (context) => {
    const { services, key } = context.var;
    requireOperator(key);
    const { limit, cursor, project_id: asked } = context.req.valid("query");
    const projectId = await projectOf(services, key, asked);
    const page = await services.inductions.list(projectId, { limit, cursor: cursor ?? null });
    const data = await Promise.all(page.items.map(async (run) => await toWire(services, run)));
    return context.json(listOf(data, page.hasMore), 200);
  })
  .openapi(getRoute, async (context) => {
    const { services, key } = context.var;
    requireOperator(key);
    const projectId = await projectOf(services, key, context.req.valid("query").project_id);
    const run = await found(services, projectId, context.req.valid("param").id);
    return context.json(await toWire(services, run), 200);
  })
  .openapi(cancelRoute, async (context) => {
    const { services, key } = context.var;
    requireOperator(key);
    const { id } = context.req.valid("param");
    const projectId = await projectOf(services, key, context.req.valid("query").project_id);
    const run = await found(services, projectId, id);
    const isEnded = await endInduction(services, { projectId, runId: id }, { status: "cancelled", failure: null });
    if (!isEnded) throw new ProblemError(conflict(`The run is ${run.status} already.`));
    return context.json(await toWire(services, await found(services, projectId, id)), 200);
  });
