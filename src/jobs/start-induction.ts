// Begins an induction run: plans it under the project's policy, records it, and starts its steps. Law: a run that can't be started is
// failed, not forgotten; where nothing may be stored, there is no run.
import { NO_KEY } from "../access/key.ts";
import { requestPolicy } from "../generation/request-policy.ts";
import { unmonitored } from "../guardrail/compiled-policy.ts";
import { putPlanned } from "../induction/runs/induction-objects.ts";
import { inductionPlan } from "../induction/runs/induction-plan.ts";
import { callsATurn } from "../induction/runs/induction-policy.ts";
import type { Seed } from "../induction/techniques/technique.ts";
import { TECHNIQUE_TEXTS_VERSION } from "../induction/techniques/technique-texts.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { AppServices } from "../middleware/app-services.ts";
import type { InductionRun } from "../mistake/induction-run.ts";
import { conflict, invalidRequest, ProblemError, unwrap } from "../problem.ts";
import { endInduction } from "./induction-steps.ts";

export interface InductionOrder extends Pick<InductionRun, "projectId" | "trigger" | "settings"> {
  readonly seeds: readonly Seed[];
}

export async function startInduction(
  services: AppServices,
  { projectId, trigger, settings, seeds }: InductionOrder,
): Promise<InductionRun> {
  const { inductions, inductionStarts, objects, clock, makeId, logger } = services;
  const { policy } = unmonitored(unwrap(await requestPolicy(services, { projectId, id: NO_KEY })));
  if (!policy.store) throw new ProblemError(conflict('The policy has "store": false: no mistake would be kept.'));
  const plan = inductionPlan(seeds.length, settings, callsATurn(policy));
  if (plan.length === 0) {
    throw new ProblemError(invalidRequest("The budget is too small for any attempt of this run.", "budget"));
  }
  const run: InductionRun = {
    ...{ id: makeId("ind"), projectId, status: "running", trigger, settings },
    ...{ techniquesVersion: TECHNIQUE_TEXTS_VERSION, seeds: seeds.length, attempts: plan.length },
    ...{ failure: null, createdAt: clock(), endedAt: null },
  };
  await putPlanned(objects, run, { seeds: [...seeds], plan: [...plan] });
  await inductions.insert(run);
  try {
    await inductionStarts.start(projectId, run.id);
    return run;
  } catch (caught) {
    logger.error("induction_not_started", { run: run.id, reason: errorMessage(caught) });
    const failure = "it could not be started";
    await endInduction(services, { projectId, runId: run.id }, { status: "failed", failure });
    return { ...run, status: "failed", failure };
  }
}
