// /v1/releases: asks for a training release, and lists them.
import { createRoute, z } from "@hono/zod-openapi";
import { requestRelease } from "../finetuning/request-release.ts";
import { notFound, ProblemError } from "../problem.ts";
import { releaseOptions, releaseRequestSchema } from "../release/release-request.ts";
import type { Release } from "../release/release.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { releaseWireSchema, type ReleaseWire } from "../wire/release.ts";
import { seconds } from "../wire/seconds.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";

const idSchema = z.object({ id: z.string().min(1).max(64) });

const requestRoute = createRoute({
  method: "post",
  path: "/v1/releases",
  summary: "Makes a release of confirmed, analysed mistakes",
  description: "Building goes on after the reply: ask for the release by its id until its status is ready or failed.",
  security: bearer,
  request: { body: { ...jsonBodyOf(releaseRequestSchema), required: false } },
  responses: { 202: jsonReply("The release, building", releaseWireSchema), 400: problemReply, ...keyReplies },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/releases",
  summary: "Releases, newest first",
  security: bearer,
  request: { query: pageQuerySchema },
  responses: { 200: jsonReply("A page", listSchema(releaseWireSchema)), 400: problemReply, ...keyReplies },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/releases/{id}",
  summary: "One release",
  security: bearer,
  request: { params: idSchema },
  responses: { 200: jsonReply("The release", releaseWireSchema), ...keyReplies, 404: problemReply },
});

function releaseToWire(release: Release): ReleaseWire {
  return {
    id: release.id,
    object: "release",
    status: release.status,
    trigger: release.trigger,
    include_released: release.includeReleased,
    formats: [...release.options.formats],
    counts: release.counts,
    files: release.files.map(({ name, bytes, sha256, rows }) => ({ name, bytes, sha256, rows })),
    failure: release.failure,
    erased: release.erased,
    created_at: seconds(release.createdAt),
    ready_at: release.readyAt === null ? null : seconds(release.readyAt),
    collected_at: release.collectedAt === null ? null : seconds(release.collectedAt),
  };
}

export const releases = createRouter()
  .openapi(requestRoute, async (context) => {
    const { services, key } = context.var;
    // Without a body nothing was validated, so the defaults are not in yet.
    const asked = releaseRequestSchema.parse(context.req.valid("json"));
    const release = await requestRelease(services.releaseRequests, {
      projectId: key.projectId,
      trigger: "request",
      includeReleased: asked.include_released,
      options: releaseOptions(asked),
    });
    return context.json(releaseToWire(release), 202);
  })
  .openapi(listRoute, async (context) => {
    const { limit, cursor } = context.req.valid("query");
    const page = await context.var.services.releases.list(context.var.key.projectId, { limit, cursor: cursor ?? null });
    return context.json(listOf(page.items.map(releaseToWire), page.hasMore), 200);
  })
  .openapi(getRoute, async (context) => {
    const { id } = context.req.valid("param");
    const release = await context.var.services.releases.get(context.var.key.projectId, id);
    if (release === null) throw new ProblemError(notFound("release", id));
    return context.json(releaseToWire(release), 200);
  });
