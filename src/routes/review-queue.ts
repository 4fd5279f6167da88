// /v1/reviews/queue, /v1/reviews/claim, /v1/reviews/leases/{id}: what waits for a reviewer, and who holds it.
import { createRoute, z } from "@hono/zod-openapi";
import { claimMistakes } from "../induction/review/claim-mistakes.ts";
import { projectPolicy } from "../induction/review/project-review-policy.ts";
import { MINUTE_MILLISECONDS } from "../lib/utc-day.ts";
import { logAccess } from "../middleware/log-access.ts";
import { conflict, invalidRequest, type Problem, ProblemError, unwrap } from "../problem.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { freedWireSchema, leaseWireSchema, queuedWireSchema, renewedWireSchema } from "../wire/review.ts";
import { seconds } from "../wire/seconds.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { mistakeToWire } from "./mistake-to-wire.ts";
import { claimRequestSchema, renewRequestSchema } from "./review-requests.ts";
import { queuedToWire, standingToWire } from "./review-to-wire.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const CURSOR = /^([1-9]):(mis_[0-9a-z]+)$/;

const lost: Problem = {
  ...conflict("Nothing is held under this lease by your key: it was given back, decided on, or others claimed it."),
  code: "lease_lost",
};

const queueRoute = createRoute({
  method: "get",
  path: "/v1/reviews/queue",
  summary: "Mistakes that wait for a reviewer, the most urgent first",
  security: bearer,
  request: { query: pageQuerySchema },
  responses: { 200: jsonReply("A page", listSchema(queuedWireSchema)), 400: problemReply, ...keyReplies },
});

const claimRoute = createRoute({
  method: "post",
  path: "/v1/reviews/claim",
  summary: "Gives mistakes to one reviewer for a while",
  description:
    "Until the lease ends nobody else is given them, and nobody else can decide on them. The most urgent come first, then the oldest; never one that this voice has decided on already. `data` is empty where nothing is free.",
  security: bearer,
  request: { body: jsonBodyOf(claimRequestSchema) },
  responses: { 200: jsonReply("The lease", leaseWireSchema), 400: problemReply, ...keyReplies, 503: problemReply },
});

const renewRoute = createRoute({
  method: "post",
  path: "/v1/reviews/leases/{id}/renew",
  summary: "Holds what is left of a lease longer",
  description: "Also after it ended, for what nobody else has claimed since; 409 where nothing is left.",
  security: bearer,
  request: { params, body: jsonBodyOf(renewRequestSchema) },
  responses: { 200: jsonReply("The lease", renewedWireSchema), 400: problemReply, ...keyReplies, 409: problemReply },
});

const giveBackRoute = createRoute({
  method: "delete",
  path: "/v1/reviews/leases/{id}",
  summary: "Gives back all that a lease holds, or one mistake of it",
  security: bearer,
  request: { params, query: z.object({ mistake_id: z.string().min(1).max(64).optional() }) },
  responses: { 200: jsonReply("What is free now", freedWireSchema), ...keyReplies },
});

const overrideRoute = createRoute({
  method: "delete",
  path: "/v1/reviews/queue/{id}/lease",
  summary: "Frees a mistake whoever holds it",
  description: "For a key with the scope admin; it stands in the audit. 409 where nobody holds it.",
  security: bearer,
  request: { params },
  responses: { 200: jsonReply("What is free now", freedWireSchema), ...keyReplies, 409: problemReply },
});

function placeOf(cursor: string | undefined): { readonly priority: number; readonly mistakeId: string } | null {
  if (cursor === undefined) return null;
  const [, priority, mistakeId] = CURSOR.exec(cursor) ?? [];
  if (priority === undefined || mistakeId === undefined) {
    throw new ProblemError(invalidRequest("cursor: is none that this list gave.", "cursor"));
  }
  return { priority: Number(priority), mistakeId };
}

export const reviewQueue = createRouter()
  .openapi(queueRoute, async (context) => {
    const { services, key } = context.var;
    const { limit, cursor } = context.req.valid("query");
    const rows = await services.reviewQueue.listQueue({ projectId: key.projectId, limit, after: placeOf(cursor) });
    return context.json(listOf(rows.slice(0, limit).map(queuedToWire), rows.length > limit), 200);
  })
  .openapi(claimRoute, async (context) => {
    const { services, key } = context.var;
    const { reviewer = null, limit, lease_minutes: minutes, filter: asked } = context.req.valid("json");
    const { cluster_id: clusterId, key_id: keyId, ...others } = asked;
    const filter = { ...others, clusterId, keyId };
    const { policy } = unwrap(await projectPolicy(services, key.projectId));
    const order = { projectId: key.projectId, voice: { keyId: key.id, reviewer }, limit, filter };
    const claimed = await claimMistakes(services, { ...order, milliseconds: minutes * MINUTE_MILLISECONDS }, policy);
    logAccess(
      context,
      "review_queue",
      claimed.mistakes.map(({ queued }) => queued.mistakeId),
    );
    const clusterIds = claimed.mistakes.flatMap(({ found }) => found.mistake.clusterId ?? []);
    const sizes = await services.clusters.sizes(key.projectId, clusterIds);
    return context.json(
      {
        id: claimed.lease.id,
        object: "lease" as const,
        reviewer,
        expires_at: seconds(claimed.lease.expiresAt),
        data: claimed.mistakes.map(({ queued, found, standing, required }) => ({
          mistake_id: queued.mistakeId,
          priority: queued.priority,
          reason: queued.reason,
          enqueued_at: seconds(queued.enqueuedAt),
          ...standingToWire(standing, required),
          mistake: mistakeToWire(found, sizes),
        })),
      },
      200,
    );
  })
  .openapi(renewRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const expiresAt = services.clock() + context.req.valid("json").lease_minutes * MINUTE_MILLISECONDS;
    const held = await services.reviewQueue.renew(key.projectId, { id, keyId: key.id, expiresAt });
    if (held === 0) throw new ProblemError(lost);
    return context.json({ id, object: "lease" as const, held, expires_at: seconds(expiresAt) }, 200);
  })
  .openapi(giveBackRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const mistakeId = context.req.valid("query").mistake_id ?? null;
    const freed = await services.reviewQueue.giveBack(key.projectId, id, key.id, mistakeId);
    return context.json({ object: "lease_freed" as const, freed }, 200);
  })
  .openapi(overrideRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const now = services.clock();
    const { projectId, id: keyId } = key;
    const event = "lease_overridden" as const;
    const entry = { id: services.makeId("aud"), projectId, keyId, event, subject: id, details: {}, createdAt: now };
    if (!(await services.reviewQueue.override(projectId, id, now, entry))) {
      throw new ProblemError(conflict("Nobody holds this mistake."));
    }
    return context.json({ object: "lease_freed" as const, freed: 1 }, 200);
  });
