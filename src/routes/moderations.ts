// POST /v1/moderations: the guardrails alone, in OpenAI's shape. Law: an error of a guardrail is a 503, never «not flagged».
import { createRoute } from "@hono/zod-openapi";
import { guardrailUnavailable } from "../generation/guarded-problems.ts";
import { allowingPolicy, requestPolicy } from "../generation/request-policy.ts";
import { isCounted, isWithheldUnread } from "../guardrail/decide.ts";
import type { Exchange } from "../guardrail/exchange.ts";
import { flaggedFindings } from "../guardrail/flagged-categories.ts";
import { POLICY_HEADER } from "../guardrail/header-policies.ts";
import { JudgeBudget } from "../guardrail/judge-budget.ts";
import { type JudgedCall, runCascade } from "../guardrail/run-cascade.ts";
import type { Side, Verdict } from "../guardrail/verdict.ts";
import { invalidRequest, ProblemError, unwrap } from "../problem.ts";
import {
  MODERATION_CATEGORIES,
  moderationRequestSchema,
  moderationWireSchema,
  type ModerationCategory,
  type ModerationRequest,
  type ModerationWire,
} from "../wire/moderation.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";

const route = createRoute({
  method: "post",
  path: "/v1/moderations",
  summary: "Checks texts without asking the model",
  description:
    "Each text is checked as an input and as an answer. OpenAI's categories are there as always; ours stand beside them under their own ids (S1–S14, offensive, prompt_attack, custom:…).",
  security: bearer,
  request: { body: jsonBodyOf(moderationRequestSchema) },
  responses: {
    200: jsonReply("One result a text", moderationWireSchema),
    400: problemReply,
    ...keyReplies,
    429: problemReply,
    503: problemReply,
  },
});

const OPENAI_NAMES: Readonly<Record<string, ModerationCategory>> = {
  S1: "illicit/violent",
  S2: "illicit",
  S3: "sexual",
  S4: "sexual/minors",
  S9: "illicit/violent",
  S10: "hate",
  S11: "self-harm",
  S12: "sexual",
  offensive: "harassment",
};

/** Texts are checked one by one; parts are one input together, as in OpenAI's moderations. */
function textsOf(input: ModerationRequest["input"]): readonly string[] {
  if (typeof input === "string") return [input];
  const parts = input.flatMap((part) => (typeof part === "string" ? [] : [part.text]));
  return parts.length > 0 ? [parts.join("\n")] : input.filter((part) => typeof part === "string");
}

function resultOf(verdicts: readonly Verdict[]): ModerationWire["results"][number] {
  const categories: Record<string, boolean> = Object.fromEntries(MODERATION_CATEGORIES.map((name) => [name, false]));
  const scores: Record<string, number> = Object.fromEntries(MODERATION_CATEGORIES.map((name) => [name, 0]));
  for (const verdict of verdicts) {
    for (const { category } of verdict.status === "flag" ? verdict.findings : []) {
      for (const name of [category, OPENAI_NAMES[category]].filter((each) => each !== undefined)) {
        categories[name] = true;
        // A rule has no score of its own: what it finds is there.
        scores[name] = Math.max(scores[name] ?? 0, verdict.score ?? 1);
      }
    }
  }
  return { flagged: flaggedFindings(verdicts).length > 0, categories, category_scores: scores };
}

export const moderations = createRouter().openapi(route, async (context) => {
  const { services, key } = context.var;
  const [model, chosen] = await Promise.all([
    services.models.forProject(key.projectId),
    requestPolicy(services, key, context.req.header(POLICY_HEADER)),
  ]);
  const compiled = unwrap(chosen);
  const owner = { projectId: key.projectId, keyId: key.id };
  const { clock, random } = services.completion;
  const call: JudgedCall = {
    signal: context.req.raw.signal,
    clock,
    budget: new JudgeBudget(compiled.policy.judge_budget),
    model,
    upstream: async (name) => await services.models.guardrailUpstream(key.projectId, name),
    spend: (usage) => {
      services.meter.record({ ...owner, purpose: "judge", ...usage });
    },
  };
  const results: ModerationWire["results"] = [];
  for (const text of textsOf(context.req.valid("json").input)) {
    const { guardrails, policy } = await allowingPolicy(compiled, key.id, services.clock, () => text);
    const check = async (exchange: Exchange, side: Side): Promise<readonly Verdict[]> => {
      const verdicts = await runCascade({ guardrails, policy, call, draw: random() }, exchange, side);
      return verdicts.filter(
        (verdict) => verdict.status !== "flag" || isCounted(policy, verdict, verdicts, guardrails.fast),
      );
    };
    const asInput = { conversation: [{ role: "user" as const, text, location: "input" }], answer: [], guidance: [] };
    const asAnswer = {
      conversation: [],
      answer: [{ role: "assistant" as const, text, location: "input" }],
      guidance: [],
    };
    const verdicts = [...(await check(asInput, "input")), ...(await check(asAnswer, "output"))];
    const unread = verdicts.find((verdict) => isWithheldUnread(policy, verdict, guardrails));
    if (unread !== undefined) {
      const message = `input: it is longer than the judge "${unread.guardrail}" reads, and the policy lets nothing pass unread.`;
      throw new ProblemError(invalidRequest(message, "input"));
    }
    const failed = verdicts.find(({ status }) => status === "error");
    if (failed !== undefined) throw new ProblemError(guardrailUnavailable(failed.guardrail, "input"));
    results.push(resultOf(verdicts));
  }
  return context.json({ id: context.var.services.makeId("modr"), model: "setback-guardrails", results }, 200);
});
