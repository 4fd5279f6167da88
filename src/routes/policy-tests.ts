// POST /v1/policies/{id}/test: what would change if this policy were gone by. Law: nothing is stored and no answer asked for; at
// most MOST_TESTED exchanges, of the caller's project or given with the request.
import { createRoute, z } from "@hono/zod-openapi";
import { comparePolicies, type ComparedExchange, type Outcome } from "../generation/compare-policies.ts";
import { requestPolicy, withAllowances } from "../generation/request-policy.ts";
import type { CompiledPolicy } from "../guardrail/compiled-policy.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { MISTAKE_KINDS, MISTAKE_SOURCES, MISTAKE_STATES } from "../mistake/mistake.ts";
import { policyProblem } from "../policy/policy-faults.ts";
import { storedPolicy } from "../policy/read-policy.ts";
import { invalidRequest, notFound, ProblemError, unwrap } from "../problem.ts";
import {
  MOST_TESTED,
  policyTestRequestSchema,
  policyTestWireSchema,
  type PolicyTestRequest,
  type PolicyTestWire,
} from "../wire/policy.ts";
import { checkingFor } from "./checking.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { verdictToWire } from "./mistake-to-wire.ts";
import { projectOf } from "./operator-only.ts";

/** Each asks every judge up to four times: on two sides, under two policies. */
const MOST_JUDGED = 10;
/** No key has it: what the project goes by. */
const NO_KEY = "";

const filterSchema = z.object({
  state: z.enum(MISTAKE_STATES).optional(),
  source: z.enum(MISTAKE_SOURCES).optional(),
  kind: z.enum(MISTAKE_KINDS).optional(),
});

const route = createRoute({
  method: "post",
  path: "/v1/policies/{id}/test",
  summary: "What would change under this policy",
  description: "Checks given exchanges, or stored mistakes, under this policy and under the one that is gone by now.",
  security: bearer,
  request: { params: z.object({ id: z.string().min(1).max(64) }), body: jsonBodyOf(policyTestRequestSchema) },
  responses: {
    200: jsonReply("What would change, exchange by exchange", policyTestWireSchema),
    400: problemReply,
    ...keyReplies,
    404: problemReply,
    503: problemReply,
  },
});

interface Tested extends ComparedExchange {
  readonly mistakeId: string | null;
  readonly place: number | null;
}

async function storedExchanges(
  { mistakes }: AppServices,
  projectId: string,
  asked: NonNullable<PolicyTestRequest["mistakes"]>,
): Promise<{ readonly found: readonly Tested[]; readonly missing: readonly string[] }> {
  const filter = filterSchema.safeParse(asked);
  if (!filter.success) throw new ProblemError(invalidRequest("mistakes: no such state, source or kind.", "mistakes"));
  const read = await (asked.ids === undefined
    ? mistakes.list(projectId, filter.data, { limit: asked.limit, cursor: null }).then(({ items }) => items)
    : Promise.all([...new Set(asked.ids)].map(async (id) => await mistakes.get(projectId, id))));
  const found = read.flatMap((each) =>
    each === null ? [] : [{ ...each.mistake.exchange, mistakeId: each.mistake.id, place: null }],
  );
  return { found, missing: (asked.ids ?? []).filter((id) => !found.some(({ mistakeId }) => mistakeId === id)) };
}

function givenExchanges({ exchanges }: PolicyTestRequest): readonly Tested[] {
  return exchanges.map(({ messages, answer }, place) => ({
    messages,
    answer: typeof answer === "string" ? { role: "assistant" as const, content: answer } : (answer ?? null),
    mistakeId: null,
    place,
  }));
}

function outcomeToWire({ input, output, verdicts }: Outcome): PolicyTestWire["results"][0]["before"] {
  return { input, output, verdicts: verdicts.map(verdictToWire) };
}

async function compiledOf(services: AppServices, projectId: string, id: string): Promise<CompiledPolicy> {
  const stored = await services.policies.getPolicy(projectId, id);
  if (stored === null) throw new ProblemError(notFound("policy", id));
  const policy = storedPolicy(stored.resolved);
  const compiled = policy.ok ? services.compilePolicy(policy.value) : policy;
  if (!compiled.ok) throw new ProblemError(policyProblem(compiled.error));
  return compiled.value;
}

export const policyTests = createRouter().openapi(route, async (context) => {
  const { services, key: caller } = context.var;
  const { id } = context.req.valid("param");
  const asked = context.req.valid("json");
  const projectId = await projectOf(services, caller, asked.project_id);
  const keyId = asked.key_id ?? NO_KEY;
  const { allowances } = unwrap(await services.policyDirectory.forKey(projectId, keyId));
  const after = withAllowances(await compiledOf(services, projectId, id), allowances);
  const before = unwrap(await requestPolicy(services, { projectId, id: keyId }));
  const stored = asked.mistakes === undefined ? null : await storedExchanges(services, projectId, asked.mistakes);
  const tested = [...givenExchanges(asked), ...(stored?.found ?? [])];
  const most = asked.judges ? MOST_JUDGED : MOST_TESTED;
  if (tested.length > most) {
    throw new ProblemError(invalidRequest(`Test at most ${most} exchanges at once.`, "exchanges"));
  }
  const order = { projectId, callerId: caller.id, keyId, asksJudges: asked.judges, signal: context.req.raw.signal };
  const checking = await checkingFor(services, order);
  const results: PolicyTestWire["results"] = [];
  for (const exchange of tested) {
    const compared = await comparePolicies(before, after, exchange, checking);
    results.push({
      mistake_id: exchange.mistakeId,
      exchange: exchange.place,
      changes: compared.changes,
      before: outcomeToWire(compared.before),
      after: outcomeToWire(compared.after),
    });
  }
  return context.json(
    {
      object: "policy_test" as const,
      policy_id: id,
      compared_with: before.policy.version,
      tested: results.length,
      changed: results.filter(({ changes }) => changes).length,
      missing_ids: [...(stored?.missing ?? [])],
      results,
    },
    200,
  );
});
