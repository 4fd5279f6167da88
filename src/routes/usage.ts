// GET /v1/usage: what the project's keys used, and what came of their requests, from the minute rollups.
import { createRoute } from "@hono/zod-openapi";
import type { OutcomeSum, UsageSum } from "../access/usage-reports.ts";
import { DAY_SECONDS, minuteOf } from "../lib/utc-day.ts";
import { invalidRequest, ProblemError } from "../problem.ts";
import { seconds } from "../wire/seconds.ts";
import { usageQuerySchema, usageWireSchema, type UsageWire } from "../wire/usage.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";

const MINUTE_SECONDS = 60;
const MOST_GROUPS = 1_000;
const MICRO_DOLLARS = 1_000_000;

const route = createRoute({
  method: "get",
  path: "/v1/usage",
  summary: "Tokens, money and outcomes, by minute and up",
  description: "Of the caller's project. Requests appear some seconds after they were made; whole minutes are counted.",
  security: bearer,
  request: { query: usageQuerySchema },
  responses: { 200: jsonReply("The sums", usageWireSchema), 400: problemReply, ...keyReplies },
});

function groupToWire({ keyId, minute }: UsageSum | OutcomeSum): { start?: number; key_id?: string } {
  return {
    ...(minute === undefined ? {} : { start: minute * MINUTE_SECONDS }),
    ...(keyId === undefined ? {} : { key_id: keyId }),
  };
}

function usageToWire(sum: UsageSum): UsageWire["usage"][number] {
  const { purpose, model, calls, promptTokens, completionTokens, microDollars } = sum;
  return {
    ...groupToWire(sum),
    ...(purpose === undefined ? {} : { purpose }),
    ...(model === undefined ? {} : { model }),
    calls,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    dollars: microDollars / MICRO_DOLLARS,
  };
}

export const usage = createRouter().openapi(route, async (context) => {
  const { services, key } = context.var;
  const asked = context.req.valid("query");
  const to = asked.to ?? seconds(services.clock()) + MINUTE_SECONDS;
  const from = asked.from ?? Math.max(0, to - DAY_SECONDS);
  if (from >= to) throw new ProblemError(invalidRequest("from: must be before to", "from"));
  const query = {
    projectId: key.projectId,
    fromMinute: minuteOf(from * 1000),
    toMinute: Math.ceil(to / MINUTE_SECONDS),
    groupBy: asked.group_by ?? [],
    limit: MOST_GROUPS + 1,
  };
  const used = await services.usageReports.sumUsage(query);
  const came = await services.usageReports.sumOutcomes(query);
  return context.json(
    {
      object: "usage" as const,
      from,
      to,
      usage: used.slice(0, MOST_GROUPS).map(usageToWire),
      outcomes: came
        .slice(0, MOST_GROUPS)
        .map((sum) => ({ ...groupToWire(sum), outcome: sum.outcome, count: sum.count })),
      truncated: used.length > MOST_GROUPS || came.length > MOST_GROUPS,
    },
    200,
  );
});
