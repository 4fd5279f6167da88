// /v1/keys and /v1/projects: who may do what. Law: a key's text is in one reply alone.
import { createRoute, z } from "@hono/zod-openapi";
import type { Key } from "../access/key.ts";
import { effectiveLimits, type KeyLimits } from "../access/key-limits.ts";
import { makeKey } from "../access/make-key.ts";
import { notFound, ProblemError } from "../problem.ts";
import {
  deletedKeySchema,
  keyRequestSchema,
  keyWireSchema,
  projectRequestSchema,
  projectWireSchema,
} from "../wire/key.ts";
import { listOf, listSchema } from "../wire/page-query.ts";
import { seconds } from "../wire/seconds.ts";
import { keyLimitsOf, keyLimitsToWire } from "./key-limits-to-wire.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { projectOf, requireOperator } from "./operator-only.ts";

const makeRoute = createRoute({
  method: "post",
  path: "/v1/keys",
  summary: "Makes a key",
  security: bearer,
  request: { body: jsonBodyOf(keyRequestSchema) },
  responses: {
    201: jsonReply("The key, with its text this once", keyWireSchema),
    400: problemReply,
    ...keyReplies,
    404: problemReply,
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/keys",
  summary: "The project's keys, without their texts",
  security: bearer,
  responses: { 200: jsonReply("All of them", listSchema(keyWireSchema)), ...keyReplies },
});

const revokeRoute = createRoute({
  method: "delete",
  path: "/v1/keys/{id}",
  summary: "Revokes a key, everywhere within 30 s",
  security: bearer,
  request: { params: z.object({ id: z.string().min(1).max(64) }) },
  responses: { 200: jsonReply("Revoked", deletedKeySchema), ...keyReplies, 404: problemReply },
});

const makeProjectRoute = createRoute({
  method: "post",
  path: "/v1/projects",
  summary: "Makes a project (with the operator's own key alone)",
  security: bearer,
  request: { body: jsonBodyOf(projectRequestSchema) },
  responses: { 201: jsonReply("The project", projectWireSchema), 400: problemReply, ...keyReplies },
});

function keyToWire(key: Key, defaults: KeyLimits): z.infer<typeof keyWireSchema> {
  return {
    id: key.id,
    object: "key",
    name: key.name,
    scopes: [...key.scopes],
    limits: keyLimitsToWire(effectiveLimits(key.limits, defaults)),
    consent: key.consent,
    project_id: key.projectId,
    created_at: seconds(key.createdAt),
  };
}

export const keys = createRouter()
  .openapi(makeRoute, async (context) => {
    const { services, key: caller } = context.var;
    const { name, scopes, limits, consent, project_id } = context.req.valid("json");
    const projectId = await projectOf(services, caller, project_id);
    const made = await makeKey(services, { projectId, name, scopes, limits: keyLimitsOf(limits), consent });
    return context.json({ ...keyToWire(made.key, services.defaultLimits), key: made.text }, 201);
  })
  .openapi(listRoute, async (context) => {
    const { services, key } = context.var;
    const found = await services.keys.listKeys(key.projectId);
    const shown = found.map((each) => keyToWire(each, services.defaultLimits));
    return context.json(listOf(shown, false), 200);
  })
  .openapi(revokeRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const revoked = await services.keys.revokeKey(key.projectId, id, services.clock());
    if (!revoked) throw new ProblemError(notFound("key", id));
    services.keyRing.forget(id);
    return context.json({ id, object: "key" as const, deleted: true as const }, 200);
  })
  .openapi(makeProjectRoute, async (context) => {
    const { services, key } = context.var;
    requireOperator(key);
    const project = { id: services.makeId("prj"), name: context.req.valid("json").name, createdAt: services.clock() };
    await services.keys.insertProject(project);
    return context.json(
      { id: project.id, object: "project" as const, name: project.name, created_at: seconds(project.createdAt) },
      201,
    );
  });
