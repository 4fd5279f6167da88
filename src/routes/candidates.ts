// /v1/candidates: models that may take the deployed one's place, their canaries, and the way back. Law: in the caller's own project;
// a switch works everywhere within 30 s.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { canaryStep, changeCandidate, promotionStep, rollbackStep } from "../finetuning/canary/change-candidate.ts";
import type { AppEnvironment } from "../middleware/app-services.ts";
import { conflict, invalidRequest, notFound, ProblemError, unwrap } from "../problem.ts";
import { canaryRequestSchema, candidateRequestSchema, decisionRequestSchema } from "../release/candidate-request.ts";
import type { Candidate } from "../release/candidate.ts";
import { candidateTrialWireSchema, candidateWireSchema, type CandidateWire } from "../wire/candidate.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { candidateToWire, candidateTrialToWire } from "./candidate-to-wire.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const replies = { 400: problemReply, ...keyReplies, 404: problemReply, 409: problemReply };

const makeRoute = createRoute({
  method: "post",
  path: "/v1/candidates",
  summary: "Registers a model that may take the deployed one's place",
  description: "It serves nobody until its canary is started.",
  security: bearer,
  request: { body: jsonBodyOf(candidateRequestSchema) },
  responses: { 201: jsonReply("The candidate", candidateWireSchema), ...replies },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/candidates",
  summary: "Candidates, newest first",
  security: bearer,
  request: { query: pageQuerySchema },
  responses: { 200: jsonReply("A page", listSchema(candidateWireSchema)), 400: problemReply, ...keyReplies },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/candidates/{id}",
  summary: "A candidate, and what its canary has shown",
  security: bearer,
  request: { params },
  responses: { 200: jsonReply("The candidate", candidateTrialWireSchema), ...keyReplies, 404: problemReply },
});

const canaryRoute = createRoute({
  method: "post",
  path: "/v1/candidates/{id}/canary",
  summary: "Lets a candidate answer a share of conversations, or another share",
  description:
    "The same end user, or the same conversation, always gets the same model. Every minute the gate looks at what was flagged, refused or failed, and promotes the candidate or rolls it back by itself.",
  security: bearer,
  request: { params, body: jsonBodyOf(canaryRequestSchema) },
  responses: { 200: jsonReply("The candidate", candidateWireSchema), ...replies },
});

const promoteRoute = createRoute({
  method: "post",
  path: "/v1/candidates/{id}/promote",
  summary: "Promotes a candidate whatever its gate says",
  security: bearer,
  request: { params, body: { ...jsonBodyOf(decisionRequestSchema), required: false } },
  responses: { 200: jsonReply("The candidate", candidateWireSchema), ...replies },
});

const rollbackRoute = createRoute({
  method: "post",
  path: "/v1/candidates/{id}/rollback",
  summary: "Takes a candidate back, in its canary or promoted",
  description: "What was promoted before it serves again, else the project's own models.",
  security: bearer,
  request: { params, body: { ...jsonBodyOf(decisionRequestSchema), required: false } },
  responses: { 200: jsonReply("The candidate", candidateWireSchema), ...replies },
});

async function requireUpstream({ services, key }: Context<AppEnvironment>["var"], upstream: string): Promise<void> {
  if ((await services.models.candidateModel(key.projectId, upstream)) !== null) return;
  const message = `upstream: the project has no upstream "${upstream}" of purpose "candidate": add it with POST /v1/upstreams.`;
  throw new ProblemError(invalidRequest(message, "upstream"));
}

async function change(
  { services, key }: Context<AppEnvironment>["var"],
  id: string,
  step: Parameters<typeof changeCandidate>[2],
): Promise<CandidateWire> {
  const changed = unwrap(await changeCandidate(services, { projectId: key.projectId, id, keyId: key.id }, step));
  services.candidateDirectory.forget(key.projectId);
  return candidateToWire(changed);
}

/** A body may be missing. */
const BY_HAND = { reason: "by hand" };

export const candidates = createRouter()
  .openapi(makeRoute, async (context) => {
    const { services, key } = context.var;
    const { release_id: releaseId = null, model = null, ...asked } = context.req.valid("json");
    await requireUpstream(context.var, asked.upstream);
    if (releaseId !== null && (await services.releases.get(key.projectId, releaseId)) === null) {
      throw new ProblemError(notFound("release", releaseId));
    }
    const createdAt = services.clock();
    const candidate: Candidate = {
      ...{ ...asked, id: services.makeId("cnd"), projectId: key.projectId, model, releaseId },
      ...{ state: "registered", share: 0, reason: null, createdAt, startedAt: null, decidedAt: null },
    };
    await services.candidates.insertCandidate(candidate, {
      ...{ id: services.makeId("aud"), projectId: key.projectId, keyId: key.id, event: "candidate_registered" },
      ...{ subject: candidate.id, details: { upstream: asked.upstream, model, release: releaseId }, createdAt },
    });
    return context.json(candidateToWire(candidate), 201);
  })
  .openapi(listRoute, async (context) => {
    const { services, key } = context.var;
    const { limit, cursor } = context.req.valid("query");
    const page = await services.candidates.listCandidates(key.projectId, { limit, cursor: cursor ?? null });
    return context.json(listOf(page.items.map(candidateToWire), page.hasMore), 200);
  })
  .openapi(getRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const found = await services.candidates.getCandidate(key.projectId, id);
    if (found === null) throw new ProblemError(notFound("candidate", id));
    const counts = await services.candidates.trialCounts(key.projectId, id);
    return context.json(candidateTrialToWire(found, counts, services.clock()), 200);
  })
  .openapi(canaryRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const { share } = context.req.valid("json");
    const found = await services.candidates.getCandidate(key.projectId, id);
    if (found !== null) await requireUpstream(context.var, found.upstream);
    return context.json(await change(context.var, id, (candidate, now) => canaryStep(candidate, share, now)), 200);
  })
  .openapi(promoteRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const found = await services.candidates.getCandidate(key.projectId, id);
    if (found !== null) await requireUpstream(context.var, found.upstream);
    const { canary } = await services.candidates.inUse(key.projectId);
    if (canary !== null && canary.id !== id) {
      throw new ProblemError(
        conflict("Another candidate is in its canary, measured against what serves now: end it first."),
      );
    }
    const { reason } = decisionOf(context.req.valid("json"));
    return context.json(await change(context.var, id, (_, now) => promotionStep(reason, now)), 200);
  })
  .openapi(rollbackRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { reason } = decisionOf(context.req.valid("json"));
    return context.json(await change(context.var, id, (_, now) => rollbackStep(reason, now)), 200);
  });

function decisionOf(asked: Partial<z.output<typeof decisionRequestSchema>>): z.output<typeof decisionRequestSchema> {
  return { ...BY_HAND, ...asked };
}
