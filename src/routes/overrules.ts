// POST /v1/mistakes/{id}/overrule, POST /v1/attacks/{id}/overrule, /v1/overrules: what was withheld wrongly is let through for a
// while. Law: in the caller's own project; what is allowed is named by what was flagged, never by the client.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { NO_KEY } from "../access/key.ts";
import type { CompletionDependencies } from "../generation/guarded-completion.ts";
import { allowingPolicy, requestPolicy, withAllowances } from "../generation/request-policy.ts";
import { unmonitored } from "../guardrail/compiled-policy.ts";
import { askCorrection } from "../induction/overrule/ask-correction.ts";
import type { Correction } from "../induction/overrule/over-refusal.ts";
import { type OverruleOrder, overruleFlagged } from "../induction/overrule/overrule-flagged.ts";
import { revertOverrule } from "../induction/overrule/revert-overrule.ts";
import type { AppEnvironment } from "../middleware/app-services.ts";
import { logAccess } from "../middleware/log-access.ts";
import { promptText } from "../mistake/exchange-text.ts";
import { findFlagged, type Found } from "../mistake/flagged-exchange.ts";
import { redactedText } from "../mistake/redaction.ts";
import { soundName } from "../mistake/sound-name.ts";
import type { Overrule } from "../policy/overrule.ts";
import { invalidRequest, notFound, ProblemError, unwrap } from "../problem.ts";
import {
  attackOverruleSchema,
  mistakeOverruleSchema,
  overruledWireSchema,
  type OverruledWire,
  overruleWireSchema,
} from "../wire/overrule.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { overruledToWire, overruleToWire } from "./overrule-to-wire.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const description =
  "Makes an exception with an end, working everywhere within 60 s, and records the over-refusal as a mistake of its own. The reply tells its reach over what is stored.";
const responses = {
  200: jsonReply("A dry run: what it would be", overruledWireSchema),
  201: jsonReply("The overrule", overruledWireSchema),
  400: problemReply,
  ...keyReplies,
  404: problemReply,
  409: problemReply,
  503: problemReply,
};

const mistakeRoute = createRoute({
  method: "post",
  path: "/v1/mistakes/{id}/overrule",
  summary: "Says that an answer was withheld wrongly",
  description,
  security: bearer,
  request: { params, body: jsonBodyOf(mistakeOverruleSchema) },
  responses,
});

const attackRoute = createRoute({
  method: "post",
  path: "/v1/attacks/{id}/overrule",
  summary: "Says that an input was blocked wrongly",
  description,
  security: bearer,
  request: { params, body: jsonBodyOf(attackOverruleSchema) },
  responses: { ...responses, 429: problemReply },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/overrules",
  summary: "Overrules, newest first",
  security: bearer,
  request: { query: pageQuerySchema },
  responses: { 200: jsonReply("A page", listSchema(overruleWireSchema)), 400: problemReply, ...keyReplies },
});

const revertRoute = createRoute({
  method: "delete",
  path: "/v1/overrules/{id}",
  summary: "Reverts an overrule and what it recorded, everywhere within 60 s",
  security: bearer,
  request: { params },
  responses: { 200: jsonReply("The overrule as it stands then", overruleWireSchema), ...keyReplies, 404: problemReply },
});

type Asked = z.output<typeof attackOverruleSchema>;

async function requireKeys({ services, key }: Context<AppEnvironment>["var"], ids: readonly string[]): Promise<void> {
  const known = new Set((await services.keys.listKeys(key.projectId)).map(({ id }) => id));
  const unknown = ids.findIndex((id) => !known.has(id));
  if (unknown < 0) return;
  const path = `key_ids[${unknown}]`;
  throw new ProblemError(invalidRequest(`${path}: the project has no key "${ids[unknown] ?? ""}".`, path));
}

/** A person's correction, or the deployed model's answer to the input as the overrule lets it through. */
function correcting(
  { var: { services, key, requestId }, req }: Context<AppEnvironment>,
  { flagged }: Found,
  { correction, model: name }: Pick<Asked, "correction" | "model">,
): OverruleOrder["correct"] {
  return async ({ allowances }: Overrule): Promise<Correction> => {
    if (correction !== undefined) return { text: redactedText(correction), model: soundName(name ?? "") };
    const { projectId } = key;
    const owner = flagged.keyId ?? key.id;
    const { messages } = flagged;
    const [model, chosen] = await Promise.all([
      services.models.forProject(projectId),
      requestPolicy(services, { projectId, id: owner }),
    ]);
    if (!chosen.ok) return { text: null, model: soundName(name ?? "") };
    const compiled = withAllowances(chosen.value, allowances);
    const policy = await allowingPolicy(compiled, owner, services.clock, () => promptText(messages));
    const guardrailUpstream: CompletionDependencies["guardrailUpstream"] = async (upstream) =>
      await services.models.guardrailUpstream(projectId, upstream);
    const dependencies = { ...services.completion, ...policy, model, guardrailUpstream };
    const caller = { projectId, keyId: key.id, consent: key.consent, requestId, source: "feedback" as const };
    return await askCorrection(dependencies, { messages, model: name }, caller, req.raw.signal);
  };
}

async function overrule(context: Context<AppEnvironment>, found: Found, asked: Asked): Promise<OverruledWire> {
  const { services, key } = context.var;
  if (asked.key_ids !== undefined) await requireKeys(context.var, asked.key_ids);
  const owner = { projectId: key.projectId, id: found.flagged.keyId ?? NO_KEY };
  const { policy } = unmonitored(unwrap(await requestPolicy(services, owner)));
  const overruled = unwrap(
    await overruleFlagged(services, found, {
      projectId: key.projectId,
      keyId: key.id,
      scope: asked.scope,
      keyIds: asked.key_ids ?? null,
      expiresInDays: asked.expires_in_days,
      comment: redactedText(asked.comment),
      isDryRun: asked.dry_run,
      policy,
      correct: correcting(context, found, asked),
    }),
  );
  if (!asked.dry_run) services.policyDirectory.forget(key.projectId);
  return overruledToWire(overruled, asked.dry_run, services.clock());
}

export const overrules = createRouter()
  .openapi(mistakeRoute, async (context) => {
    const { id } = context.req.valid("param");
    const asked = context.req.valid("json");
    const found = await findFlagged(context.var.services.mistakes, context.var.key.projectId, id);
    if (found?.kind !== "mistake") throw new ProblemError(notFound("mistake", id));
    const overruled = await overrule(context, found, asked);
    return asked.dry_run ? context.json(overruled, 200) : context.json(overruled, 201);
  })
  .openapi(attackRoute, async (context) => {
    const { id } = context.req.valid("param");
    const asked = context.req.valid("json");
    const found = await findFlagged(context.var.services.mistakes, context.var.key.projectId, id);
    if (found?.kind !== "attack") throw new ProblemError(notFound("attack", id));
    const overruled = await overrule(context, found, asked);
    return asked.dry_run ? context.json(overruled, 200) : context.json(overruled, 201);
  })
  .openapi(listRoute, async (context) => {
    const { services, key } = context.var;
    const { limit, cursor } = context.req.valid("query");
    const page = await services.overrules.listOverrules(key.projectId, { limit, cursor: cursor ?? null });
    logAccess(
      context,
      "overrules",
      page.items.map(({ id }) => id),
    );
    const now = services.clock();
    return context.json(
      listOf(
        page.items.map((each) => overruleToWire(each, now)),
        page.hasMore,
      ),
      200,
    );
  })
  .openapi(revertRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const reverted = await revertOverrule(services, key.projectId, id, key.id);
    if (reverted === null) throw new ProblemError(notFound("overrule", id));
    services.policyDirectory.forget(key.projectId);
    return context.json(overruleToWire(reverted, services.clock()), 200);
  });
