// GET /v1/verdicts/{id}: why an answer was withheld or an input blocked. Law: for reviewers alone; a client is told its id and no more.
import { createRoute, z } from "@hono/zod-openapi";
import { NO_KEY } from "../access/key.ts";
import { requestPolicy } from "../generation/request-policy.ts";
import { categoryActions, explainVerdicts } from "../generation/why/explain-verdicts.ts";
import { nearestBenign } from "../generation/why/nearest-benign.ts";
import { unmonitored } from "../guardrail/compiled-policy.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { logAccess } from "../middleware/log-access.ts";
import { findFlagged, type FlaggedExchange } from "../mistake/flagged-exchange.ts";
import type { Policy } from "../policy/policy.ts";
import { storedPolicy } from "../policy/read-policy.ts";
import { notFound, ProblemError, unwrap } from "../problem.ts";
import { seconds } from "../wire/seconds.ts";
import { verdictReportSchema } from "../wire/verdict-report.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { verdictToWire } from "./mistake-to-wire.ts";

const route = createRoute({
  method: "get",
  path: "/v1/verdicts/{id}",
  summary: "Why: every verdict on a mistake or an attack, explained",
  description:
    "The id is the mistake_id or attack_id in `setback`. Its texts are strangers': never show them as markup.",
  security: bearer,
  request: { params: z.object({ id: z.string().min(1).max(64) }) },
  responses: {
    200: jsonReply("The verdicts", verdictReportSchema),
    ...keyReplies,
    404: problemReply,
    503: problemReply,
  },
});

/** Of the version that was gone by then, if it is stored or the gateway's own; else of the one that is gone by now. */
async function policyOf(
  services: AppServices,
  projectId: string,
  { policyVersion, keyId }: FlaggedExchange,
): Promise<{ readonly policy: Policy; readonly as: "then" | "now" }> {
  const own = services.completion.enforced ?? services.completion.policy;
  if (policyVersion === own.version) return { policy: own, as: "then" };
  const stored = await services.policies.getPolicy(projectId, policyVersion);
  const policy = stored === null ? null : storedPolicy(stored.resolved);
  if (policy?.ok === true) return { policy: policy.value, as: "then" };
  const now = unmonitored(unwrap(await requestPolicy(services, { projectId, id: keyId ?? NO_KEY })));
  return { policy: now.policy, as: "now" };
}

export const verdicts = createRouter().openapi(route, async (context) => {
  const { services, key } = context.var;
  const { id } = context.req.valid("param");
  const found = await findFlagged(services.mistakes, key.projectId, id);
  if (found === null) throw new ProblemError(notFound("mistake or attack", id));
  const { flagged } = found;
  const { policy, as } = await policyOf(services, key.projectId, flagged);
  const nearest = await nearestBenign(services.mistakes, key.projectId, flagged);
  logAccess(context, "verdicts", [id, ...(nearest === null ? [] : [nearest.mistakeId])]);
  const overrule = await services.overrules.latestOf(key.projectId, id);
  return context.json(
    {
      id,
      object: "verdict_report" as const,
      subject: found.kind,
      action: flagged.action,
      policy_version: flagged.policyVersion,
      policy_as: as,
      created_at: seconds(flagged.createdAt),
      verdicts: explainVerdicts(flagged, policy, services.edgeModel.current().weights).map(
        ({ verdict, findings, ngrams, ngramsMissing }) => ({
          ...verdictToWire(verdict),
          findings: [...findings],
          ngrams: ngrams === null ? null : [...ngrams],
          ngrams_missing: ngramsMissing,
        }),
      ),
      categories: [...categoryActions(flagged, policy)],
      nearest_benign:
        nearest === null
          ? null
          : {
              mistake_id: nearest.mistakeId,
              similarity: nearest.similarity,
              prompt: nearest.prompt,
              answer: nearest.answer,
            },
      overruled_by: overrule?.id ?? null,
    },
    200,
  );
});
