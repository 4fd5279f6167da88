// /v1/policies: immutable versions of a project's policy, and which one it goes by. Law: strict — every fault is told with its path;
// nothing is ever changed or deleted, so that going back is activating an older one.
import { createRoute, z } from "@hono/zod-openapi";
import type { AuditEntry } from "../access/audit.ts";
import type { Key } from "../access/key.ts";
import { resolvePolicy } from "../guardrail/resolve-policy.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { policyProblem } from "../policy/policy-faults.ts";
import { conflict, notFound, ProblemError } from "../problem.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import {
  activationRequestSchema,
  activationWireSchema,
  policyRequestSchema,
  policyWireSchema,
} from "../wire/policy.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { projectOf } from "./operator-only.ts";
import { policyJsonSchema } from "./policy-json-schema.ts";
import { policyToWire } from "./policy-to-wire.ts";

/** In the place of a policy's id: the gateway's own. */
const DEFAULT_ID = "default";
const MOST_POLICIES = 1_000;
/** Each can be asked for by every request of its key. */
const MOST_KEYS = 1_000;

const idParams = z.object({ id: z.string().min(1).max(64) });
const projectQuery = z.object({ project_id: z.string().min(1).max(64).optional() });
const replies = { 400: problemReply, ...keyReplies, 404: problemReply };

const makeRoute = createRoute({
  method: "post",
  path: "/v1/policies",
  summary: "Makes a new version of a policy, which never changes",
  description:
    "Its keys replace the default policy's. A bad one is refused whole; error.faults has every fault's path.",
  security: bearer,
  request: { body: jsonBodyOf(policyRequestSchema) },
  responses: { 201: jsonReply("The policy", policyWireSchema), ...replies, 409: problemReply },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/policies",
  summary: "The project's policies, newest first",
  security: bearer,
  request: { query: pageQuerySchema.extend(projectQuery.shape) },
  responses: { 200: jsonReply("A page", listSchema(policyWireSchema)), ...replies },
});

const schemaRoute = createRoute({
  method: "get",
  path: "/v1/policies/schema",
  summary: "What a policy can be, as a JSON Schema",
  security: bearer,
  responses: { 200: jsonReply("The schema", z.record(z.string(), z.unknown())), ...keyReplies },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/policies/{id}",
  summary: "One policy",
  security: bearer,
  request: { params: idParams, query: projectQuery },
  responses: { 200: jsonReply("The policy", policyWireSchema), ...replies },
});

const activateRoute = createRoute({
  method: "post",
  path: "/v1/policies/{id}/activate",
  summary: "Goes by this policy, everywhere within 30 s",
  description: `For the project, or one key of it. The id "${DEFAULT_ID}" goes back to what holds without one of its own.`,
  security: bearer,
  request: { params: idParams, body: { ...jsonBodyOf(activationRequestSchema), required: false } },
  responses: { 200: jsonReply("What is gone by now", activationWireSchema), ...replies },
});

async function keyIdsOf({ keys }: AppServices, projectId: string): Promise<ReadonlySet<string>> {
  return new Set((await keys.listKeys(projectId)).map(({ id }) => id));
}

function entryOf(
  services: AppServices,
  { id: keyId }: Key,
  projectId: string,
  entry: Pick<AuditEntry, "event" | "subject" | "details">,
): AuditEntry {
  return { id: services.makeId("aud"), projectId, keyId, ...entry, createdAt: services.clock() };
}

export const policies = createRouter()
  .openapi(makeRoute, async (context) => {
    const { services, key: caller } = context.var;
    const { name, activate, key_id: keyId, project_id: asked, ...given } = context.req.valid("json");
    const projectId = await projectOf(services, caller, asked);
    const keyIds = await keyIdsOf(services, projectId);
    if (keyId !== undefined && !keyIds.has(keyId)) throw new ProblemError(notFound("key", keyId));
    const id = services.makeId("pol");
    const { completion, compilePolicy: compile } = services;
    const base = completion.enforced ?? completion.policy;
    const resolved = resolvePolicy(given, { base, version: id, compile, keyIds });
    if (!resolved.ok) throw new ProblemError(policyProblem(resolved.error));
    if ((await services.policies.countPolicies(projectId)) >= MOST_POLICIES) {
      throw new ProblemError(conflict(`The project has ${MOST_POLICIES} policies already.`));
    }
    const before = await services.policies.choicesOf(projectId);
    const previous = keyId === undefined ? before.forProject : (before.forKeys.get(keyId) ?? null);
    const details = { key_id: keyId ?? null, policy_id: id, previous_policy_id: previous };
    const stored = await services.policies.insertPolicy(
      { id, projectId, name, given, resolved: resolved.value, keyId: caller.id, createdAt: services.clock() },
      activate ? { projectId, keyId: keyId ?? null, policyId: id } : null,
      [
        entryOf(services, caller, projectId, { event: "policy_created", subject: id, details: { name } }),
        ...(activate
          ? [entryOf(services, caller, projectId, { event: "policy_activated" as const, subject: id, details })]
          : []),
      ],
    );
    if (activate) services.policyDirectory.forget(projectId);
    return context.json(policyToWire(stored, await services.policies.choicesOf(projectId)), 201);
  })
  .openapi(listRoute, async (context) => {
    const { services, key: caller } = context.var;
    const { limit, cursor, project_id: asked } = context.req.valid("query");
    const projectId = await projectOf(services, caller, asked);
    const page = await services.policies.listPolicies(projectId, { limit, cursor: cursor ?? null });
    const choices = await services.policies.choicesOf(projectId);
    const shown = page.items.map((policy) => policyToWire(policy, choices));
    return context.json(listOf(shown, page.hasMore), 200);
  })
  .openapi(schemaRoute, (context) => context.json(policyJsonSchema(), 200))
  .openapi(getRoute, async (context) => {
    const { services, key: caller } = context.var;
    const { id } = context.req.valid("param");
    const projectId = await projectOf(services, caller, context.req.valid("query").project_id);
    const found = await services.policies.getPolicy(projectId, id);
    if (found === null) throw new ProblemError(notFound("policy", id));
    return context.json(policyToWire(found, await services.policies.choicesOf(projectId)), 200);
  })
  .openapi(activateRoute, async (context) => {
    const { services, key: caller } = context.var;
    const { id } = context.req.valid("param");
    const { key_id: keyId = null, project_id: asked } = context.req.valid("json");
    const projectId = await projectOf(services, caller, asked);
    const policyId = id === DEFAULT_ID ? null : id;
    if (policyId !== null && (await services.policies.getPolicy(projectId, policyId)) === null) {
      throw new ProblemError(notFound("policy", id));
    }
    const choices = await services.policies.choicesOf(projectId);
    if (keyId !== null && policyId !== null) {
      if (!(await keyIdsOf(services, projectId)).has(keyId)) throw new ProblemError(notFound("key", keyId));
      if (choices.forKeys.size >= MOST_KEYS) {
        throw new ProblemError(conflict(`${MOST_KEYS} keys of the project have policies of their own already.`));
      }
    }
    const previous = keyId === null ? choices.forProject : (choices.forKeys.get(keyId) ?? null);
    const details = { key_id: keyId, policy_id: policyId, previous_policy_id: previous };
    const entry = entryOf(services, caller, projectId, { event: "policy_activated", subject: id, details });
    await services.policies.assign({ projectId, keyId, policyId }, entry);
    services.policyDirectory.forget(projectId);
    return context.json({ object: "policy_activation" as const, project_id: projectId, ...details }, 200);
  });
