// GET /v1/clusters: which mistakes keep coming, newest or largest first.
import { createRoute, z } from "@hono/zod-openapi";
import { logAccess } from "../middleware/log-access.ts";
import { CLUSTER_ORDERS } from "../mistake/cluster-store.ts";
import { clusterWireSchema } from "../wire/cluster.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { seconds } from "../wire/seconds.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";

const route = createRoute({
  method: "get",
  path: "/v1/clusters",
  summary: "Clusters of near duplicates, of two mistakes and more",
  security: bearer,
  request: { query: pageQuerySchema.extend({ order: z.enum(CLUSTER_ORDERS).default("newest") }) },
  responses: { 200: jsonReply("A page", listSchema(clusterWireSchema)), 400: problemReply, ...keyReplies },
});

export const clusters = createRouter().openapi(route, async (context) => {
  const { limit, cursor, order } = context.req.valid("query");
  const { services, key } = context.var;
  const page = await services.clusters.list(key.projectId, order, { limit, cursor: cursor ?? null });
  logAccess(
    context,
    "clusters",
    page.items.map(({ id }) => id),
  );
  const items = page.items.map(({ id, size, createdAt, latestAt }) => ({
    id,
    object: "cluster" as const,
    size,
    created_at: seconds(createdAt),
    latest_at: seconds(latestAt),
  }));
  return context.json(listOf(items, page.hasMore), 200);
});
