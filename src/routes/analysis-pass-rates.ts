// GET /v1/analyses/pass-rates: how often the project's analyses pass their check, by prompt and model.
import { createRoute } from "@hono/zod-openapi";
import { analysisPassRatesWireSchema } from "../wire/analysis-pass-rate.ts";
import { bearer, createRouter, jsonReply, keyReplies } from "./documented.ts";

const NEWEST = 10_000;

const route = createRoute({
  method: "get",
  path: "/v1/analyses/pass-rates",
  summary: "How often analyses pass their check",
  description:
    "By prompt and model version, of the project's newest 10,000 analyses; those without a check are left out.",
  security: bearer,
  responses: { 200: jsonReply("The rates", analysisPassRatesWireSchema), ...keyReplies },
});

export const analysisPassRates = createRouter().openapi(route, async (context) => {
  const { services, key } = context.var;
  const rates = await services.analysisReports.passRates(key.projectId, NEWEST);
  const data = rates.map(({ promptVersion, model, analyses, passed, attempts }) => ({
    object: "analysis_pass_rate" as const,
    prompt_version: promptVersion,
    ...{ model, analyses, passed, attempts },
    pass_rate: passed / attempts,
  }));
  return context.json({ object: "list" as const, data }, 200);
});
