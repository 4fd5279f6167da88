// GET /v1/mistakes, GET /v1/mistakes/{id}: what the model got wrong.
import { createRoute, z } from "@hono/zod-openapi";
import type { AppServices } from "../middleware/app-services.ts";
import { logAccess } from "../middleware/log-access.ts";
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import { notFound, ProblemError } from "../problem.ts";
import { mistakeWireSchema } from "../wire/mistake.ts";
import { listOf, listSchema } from "../wire/page-query.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { mistakeFilter, mistakeQuerySchema } from "./mistake-query.ts";
import { mistakeToWire } from "./mistake-to-wire.ts";

const idSchema = z.object({ id: z.string().min(1).max(64) });

const listRoute = createRoute({
  method: "get",
  path: "/v1/mistakes",
  summary: "Mistakes, newest first",
  description:
    "Of category, key_id, policy_version, cluster and quarantine at most one, together with any of the others.",
  security: bearer,
  request: {
    query: mistakeQuerySchema,
  },
  responses: { 200: jsonReply("A page", listSchema(mistakeWireSchema)), 400: problemReply, ...keyReplies },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/mistakes/{id}",
  summary: "One mistake with its verdicts and analyses",
  security: bearer,
  request: { params: idSchema },
  responses: { 200: jsonReply("The mistake", mistakeWireSchema), ...keyReplies, 404: problemReply },
});

async function sizesOf(
  { clusters }: AppServices,
  projectId: string,
  found: readonly MistakeWithAnalyses[],
): Promise<ReadonlyMap<string, number>> {
  return await clusters.sizes(
    projectId,
    found.flatMap(({ mistake }) => mistake.clusterId ?? []),
  );
}

export const mistakes = createRouter()
  .openapi(listRoute, async (context) => {
    const { limit, cursor, ...asked } = context.req.valid("query");
    const { services, key } = context.var;
    const page = await services.mistakes.list(key.projectId, mistakeFilter(asked), { limit, cursor: cursor ?? null });
    logAccess(
      context,
      "mistakes",
      page.items.map(({ mistake }) => mistake.id),
    );
    const sizes = await sizesOf(services, key.projectId, page.items);
    const items = page.items.map((item) => mistakeToWire(item, sizes));
    return context.json(listOf(items, page.hasMore), 200);
  })
  .openapi(getRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { services, key } = context.var;
    const found = await services.mistakes.get(key.projectId, id);
    if (found === null) throw new ProblemError(notFound("mistake", id));
    logAccess(context, "mistakes", [id]);
    return context.json(mistakeToWire(found, await sizesOf(services, key.projectId, [found])), 200);
  });
