// POST /v1/feedback, GET /v1/feedback: what clients and their users say of answers. Law: whoever may say something is told what
// became of it, and no word of any exchange.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { KeyConsent } from "../access/key.ts";
import { outcomeOf } from "../generation/compare-policies.ts";
import { requestPolicy } from "../generation/request-policy.ts";
import { unmonitored } from "../guardrail/compiled-policy.ts";
import type { About } from "../induction/feedback/find-answer.ts";
import { type FeedbackOrder, recordFeedback, type Voice } from "../induction/feedback/record-feedback.ts";
import { sha256 } from "../lib/hash.ts";
import type { AppEnvironment } from "../middleware/app-services.ts";
import { logAccess } from "../middleware/log-access.ts";
import { FEEDBACK_LABELS, FEEDBACK_OUTCOMES } from "../mistake/feedback.ts";
import { isCategory, type Category } from "../policy/category.ts";
import { mayStore } from "../policy/consent.ts";
import type { Policy } from "../policy/policy.ts";
import { invalidRequest, ProblemError, unwrap } from "../problem.ts";
import { answerMessage } from "../wire/chat-completion.ts";
import {
  feedbackReplySchema,
  type FeedbackRequest,
  feedbackRequestSchema,
  feedbackWireSchema,
} from "../wire/feedback.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { checkingFor } from "./checking.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply, readJson } from "./documented.ts";
import { feedbackReply, feedbackToWire } from "./feedback-to-wire.ts";

const IDEMPOTENCY_HEADER = "idempotency-key";
const MOST_KEY_CHARACTERS = 255;

const sendRoute = createRoute({
  method: "post",
  path: "/v1/feedback",
  summary: "Says of an answer that it was a mistake, good, or an over-refusal",
  description:
    "By the completion's id, by a mistake's id, or with the exchange itself. One voice for each user on each answer: the same again has the same id, another label replaces the one before. Web pages may send it from the origins of the policy.",
  security: bearer,
  request: {
    headers: z.object({ [IDEMPOTENCY_HEADER]: z.string().min(1).max(MOST_KEY_CHARACTERS).optional() }),
    body: jsonBodyOf(feedbackRequestSchema),
  },
  responses: {
    200: jsonReply("It was said before", feedbackReplySchema),
    201: jsonReply("What became of it", feedbackReplySchema),
    400: problemReply,
    ...keyReplies,
    404: problemReply,
    409: problemReply,
    422: problemReply,
    429: problemReply,
    503: problemReply,
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/feedback",
  summary: "Feedback, newest first",
  security: bearer,
  request: {
    query: pageQuerySchema.extend({
      label: z.enum(FEEDBACK_LABELS).optional(),
      outcome: z.enum(FEEDBACK_OUTCOMES).optional(),
      mistake_id: z.string().min(1).max(64).optional(),
    }),
  },
  responses: { 200: jsonReply("A page", listSchema(feedbackWireSchema)), 400: problemReply, ...keyReplies },
});

function categoryOf({ category }: FeedbackRequest): Category | null {
  if (category === undefined) return null;
  if (isCategory(category)) return category;
  throw new ProblemError(invalidRequest(`category: "${category}" is no category.`, "category"));
}

function aboutOf(asked: FeedbackRequest, policy: Policy, consent: KeyConsent | null): About {
  const { completion_id: completionId, mistake_id: mistakeId, choice, messages, answer, model = "", store } = asked;
  if (completionId !== undefined) return { kind: "completion", completionId, choice };
  if (mistakeId !== undefined) return { kind: "mistake", id: mistakeId };
  if (messages === undefined || answer === undefined) throw new Error("the schema lets no such request pass");
  const exchange = { messages, answer: answerMessage(answer), model };
  return { kind: "exchange", exchange, mayBeStored: mayStore(policy, consent, store) };
}

/** Without an end user it is the key that speaks, once. */
async function voiceOf({ services, key }: AppEnvironment["Variables"], user: string | undefined): Promise<Voice> {
  const all = user === undefined ? [] : await services.endUserIds.all(key.projectId, user);
  const endUser = all[0] ?? null;
  return endUser === null ? { endUser, all: [`key:${key.id}`] } : { endUser, all };
}

async function idempotencyOf(context: Context<AppEnvironment>): Promise<FeedbackOrder["idempotency"]> {
  const given = context.req.header(IDEMPOTENCY_HEADER);
  if (given === undefined) return null;
  if (given === "" || given.length > MOST_KEY_CHARACTERS) {
    const advice = `${IDEMPOTENCY_HEADER}: at most ${MOST_KEY_CHARACTERS} characters.`;
    throw new ProblemError(invalidRequest(advice, IDEMPOTENCY_HEADER));
  }
  const hash = await sha256(JSON.stringify([context.var.key.id, given]));
  return { hash, bodyHash: await sha256(await context.req.text()) };
}

export const feedback = createRouter();

feedback.openAPIRegistry.registerPath(sendRoute);

feedback.post(sendRoute.path, async (context) => {
  const asked = await readJson(context, feedbackRequestSchema);
  const { services, key, requestId } = context.var;
  const { projectId, id: keyId } = key;
  const compiled = unmonitored(unwrap(await requestPolicy(services, key)));
  const { policy } = compiled;
  const signal = context.req.raw.signal;
  const checking = await checkingFor(services, { projectId, callerId: keyId, keyId, asksJudges: false, signal });
  const voice = await voiceOf(context.var, asked.user);
  const order: FeedbackOrder = {
    ...{ projectId, keyId, requestId, voice, policy },
    label: asked.label,
    category: categoryOf(asked),
    comment: asked.comment ?? null,
    correction: asked.correction ?? null,
    about: aboutOf(asked, policy, key.consent),
    sender: { keyId, requestId, endUser: voice.endUser },
    idempotency: await idempotencyOf(context),
    check: async (exchange) => await outcomeOf(compiled, exchange, checking),
  };
  const dependencies = { ...services, capture: services.completion.capture };
  const recorded = unwrap(await recordFeedback(dependencies, order));
  return context.json(feedbackReply(recorded.feedback), recorded.isNew ? 201 : 200);
});

feedback.openapi(listRoute, async (context) => {
  const { services, key } = context.var;
  const { limit, cursor, label, outcome, mistake_id: mistakeId } = context.req.valid("query");
  const filter = { label, outcome, mistakeId };
  const page = await services.feedback.list(key.projectId, filter, { limit, cursor: cursor ?? null });
  logAccess(
    context,
    "feedback",
    page.items.map(({ id }) => id),
  );
  return context.json(listOf(page.items.map(feedbackToWire), page.hasMore), 200);
});
