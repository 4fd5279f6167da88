// /v1/upstreams: which model servers a project asks, in which order. Law: the operator alone chooses addresses and credentials
// (docs/decisions/upstreams.md); a project's admin sees them without their keys.
import { createRoute, z } from "@hono/zod-openapi";
import type { AppServices } from "../middleware/app-services.ts";
import type { Upstream, UpstreamCredentials } from "../model/upstream.ts";
import { conflict, notFound, ProblemError, unwrap } from "../problem.ts";
import { listOf, listSchema } from "../wire/page-query.ts";
import {
  deletedUpstreamSchema,
  upstreamChangeSchema,
  upstreamRequestSchema,
  upstreamWireSchema,
  type UpstreamChange,
} from "../wire/upstream.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { projectOf, requireOperator } from "./operator-only.ts";
import { upstreamToWire } from "./upstream-to-wire.ts";

/** Each can be asked in turn by one request. */
const MOST_UPSTREAMS = 10;

const projectQuery = z.object({
  project_id: z.string().min(1).max(64).optional().meta({ description: "With the operator's own key alone." }),
});
const idParams = z.object({ id: z.string().min(1).max(64) });
const replies = { 400: problemReply, ...keyReplies, 404: problemReply };

const makeRoute = createRoute({
  method: "post",
  path: "/v1/upstreams",
  summary: "Adds an upstream to a project (with the operator's own key alone)",
  security: bearer,
  request: { body: jsonBodyOf(upstreamRequestSchema) },
  responses: { 201: jsonReply("The upstream, without its key", upstreamWireSchema), ...replies, 409: problemReply },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/upstreams",
  summary: "The project's upstreams in the order in which they are asked",
  security: bearer,
  request: { query: projectQuery },
  responses: { 200: jsonReply("All of them", listSchema(upstreamWireSchema)), ...replies },
});

const changeRoute = createRoute({
  method: "patch",
  path: "/v1/upstreams/{id}",
  summary: "Changes an upstream, everywhere within 30 s (with the operator's own key alone)",
  security: bearer,
  request: { params: idParams, query: projectQuery, body: jsonBodyOf(upstreamChangeSchema) },
  responses: { 200: jsonReply("The upstream, without its key", upstreamWireSchema), ...replies, 409: problemReply },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/v1/upstreams/{id}",
  summary: "Removes an upstream, everywhere within 30 s (with the operator's own key alone)",
  security: bearer,
  request: { params: idParams, query: projectQuery },
  responses: { 200: jsonReply("Removed", deletedUpstreamSchema), ...replies },
});

async function credentialsOf(
  services: AppServices,
  owner: Pick<Upstream, "projectId" | "id">,
  { key, secret }: Pick<UpstreamChange, "key" | "secret">,
): Promise<UpstreamCredentials | null> {
  if (secret !== undefined) return { kind: "secret", name: secret };
  return typeof key === "string" ? unwrap(await services.upstreamCredentials.sealed(key, owner)) : null;
}

/** A judge finds its server by name, and so does a candidate. */
function requireOwnName(
  { purpose, name }: Pick<Upstream, "purpose" | "name">,
  others: readonly Pick<Upstream, "purpose" | "name">[],
): void {
  const isTaken = others.some((other) => other.purpose === purpose && other.name === name);
  if (purpose !== "chat" && isTaken) {
    throw new ProblemError(conflict(`Another ${purpose} upstream of the project has this name.`));
  }
}

export const upstreams = createRouter()
  .openapi(makeRoute, async (context) => {
    const { services, key: caller } = context.var;
    requireOperator(caller);
    const body = context.req.valid("json");
    const projectId = await projectOf(services, caller, body.project_id);
    const others = await services.upstreams.listUpstreams(projectId);
    if (others.length >= MOST_UPSTREAMS)
      throw new ProblemError(conflict(`The project has ${MOST_UPSTREAMS} upstreams already.`));
    requireOwnName(body, others);
    const owner = { projectId, id: services.makeId("ups") };
    const upstream: Upstream = {
      ...owner,
      purpose: body.purpose,
      name: body.name,
      url: body.url,
      models: body.models,
      credentials: await credentialsOf(services, owner, body),
      priority: body.priority,
      limits: {
        timeoutMilliseconds: body.timeout_ms,
        attemptTimeoutMilliseconds: body.attempt_timeout_ms ?? body.timeout_ms,
        idleMilliseconds: body.idle_timeout_ms,
        attempts: body.attempts,
      },
      createdAt: services.clock(),
    };
    await services.upstreams.insertUpstream(upstream);
    services.models.forget(projectId);
    return context.json(upstreamToWire(upstream), 201);
  })
  .openapi(listRoute, async (context) => {
    const { services, key: caller } = context.var;
    const projectId = await projectOf(services, caller, context.req.valid("query").project_id);
    const found = await services.upstreams.listUpstreams(projectId);
    return context.json(listOf(found.map(upstreamToWire), false), 200);
  })
  .openapi(changeRoute, async (context) => {
    const { services, key: caller } = context.var;
    requireOperator(caller);
    const { id } = context.req.valid("param");
    const change = context.req.valid("json");
    const projectId = await projectOf(services, caller, context.req.valid("query").project_id);
    const found = await services.upstreams.listUpstreams(projectId);
    const old = found.find((each) => each.id === id);
    if (old === undefined) throw new ProblemError(notFound("upstream", id));
    const others = found.filter((each) => each !== old);
    requireOwnName({ purpose: old.purpose, name: change.name ?? old.name }, others);
    const keepsCredentials = change.key === undefined && change.secret === undefined;
    const upstream: Upstream = {
      ...old,
      name: change.name ?? old.name,
      url: change.url ?? old.url,
      models: change.models ?? old.models,
      credentials: keepsCredentials ? old.credentials : await credentialsOf(services, old, change),
      priority: change.priority ?? old.priority,
      limits: {
        timeoutMilliseconds: change.timeout_ms ?? old.limits.timeoutMilliseconds,
        attemptTimeoutMilliseconds: change.attempt_timeout_ms ?? old.limits.attemptTimeoutMilliseconds,
        idleMilliseconds: change.idle_timeout_ms ?? old.limits.idleMilliseconds,
        attempts: change.attempts ?? old.limits.attempts,
      },
    };
    if (!(await services.upstreams.replaceUpstream(upstream))) throw new ProblemError(notFound("upstream", id));
    services.models.forget(projectId);
    return context.json(upstreamToWire(upstream), 200);
  })
  .openapi(deleteRoute, async (context) => {
    const { services, key: caller } = context.var;
    requireOperator(caller);
    const { id } = context.req.valid("param");
    const projectId = await projectOf(services, caller, context.req.valid("query").project_id);
    const deleted = await services.upstreams.deleteUpstream(projectId, id);
    if (!deleted) throw new ProblemError(notFound("upstream", id));
    services.models.forget(projectId);
    return context.json({ id, object: "upstream" as const, deleted: true as const }, 200);
  });
