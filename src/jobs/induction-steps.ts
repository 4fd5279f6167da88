// The durable steps of an induction run: one after another, some attempts each. Law: a step may be made again at any point — an
// attempt with an outcome is left as it is, one without is made anew under the same id, and the budget holds for all of them.
import { NO_KEY } from "../access/key.ts";
import { requestPolicy } from "../generation/request-policy.ts";
import { unmonitored } from "../guardrail/compiled-policy.ts";
import { deletePlanned, getPlanned } from "../induction/runs/induction-objects.ts";
import type { PlannedAttempt } from "../induction/runs/induction-plan.ts";
import { runAttempt } from "../induction/runs/run-attempt.ts";
import type { AppServices } from "../middleware/app-services.ts";
import type { InductionRun } from "../mistake/induction-run.ts";
import { unwrap } from "../problem.ts";

/** A Workflow may have 1,024 (developers.cloudflare.com/workflows/reference/limits). */
const MOST_STEPS = 850;
const FEWEST_A_STEP = 4;

export interface InductionStepPlan {
  readonly attempts: number;
  readonly aStep: number;
}

/** Nothing to do where the run is gone or has ended. */
export async function planInductionSteps(
  { inductions }: Pick<AppServices, "inductions">,
  projectId: string,
  runId: string,
): Promise<InductionStepPlan> {
  const run = await inductions.get(projectId, runId);
  if (run?.status !== "running") return { attempts: 0, aStep: FEWEST_A_STEP };
  const aStep = Math.max(FEWEST_A_STEP, run.settings.concurrency, Math.ceil(run.attempts / MOST_STEPS));
  return { attempts: run.attempts, aStep };
}

/** Makes the attempts from `start` on, `count` of them. Whether the run goes on. */
export async function inductionStep(
  services: AppServices,
  { projectId, runId }: { readonly projectId: string; readonly runId: string },
  start: number,
  count: number,
): Promise<boolean> {
  const { inductions, objects, models } = services;
  const run = await inductions.get(projectId, runId);
  if (run?.status !== "running") return false;
  const { seeds, plan } = await getPlanned(objects, run);
  const compiled = unmonitored(unwrap(await requestPolicy(services, { projectId, id: NO_KEY })));
  const dependencies = {
    ...services.completion,
    ...compiled,
    model: await models.forProject(projectId),
    guardrailUpstream: async (name: string) => await models.guardrailUpstream(projectId, name),
  };
  let spent = await inductions.spent(projectId, runId);
  const make = async (attempt: PlannedAttempt): Promise<void> => {
    const seed = seeds[attempt.seed];
    if (seed === undefined || spent + attempt.calls > run.settings.budget) return;
    if (!(await inductions.begin(projectId, runId, attempt))) return;
    spent += attempt.calls;
    const ended = await runAttempt(dependencies, { run, attempt, seed, compiled });
    spent += ended.calls - attempt.calls;
    await inductions.finish(projectId, runId, attempt, ended);
  };
  await inLanes(plan.slice(start, start + count), run.settings.concurrency, make);
  return true;
}

async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  make: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    for (const item of waiting) await make(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export async function endInduction(
  { inductions, objects, clock }: Pick<AppServices, "inductions" | "objects" | "clock">,
  { projectId, runId }: { readonly projectId: string; readonly runId: string },
  ended: { readonly status: Exclude<InductionRun["status"], "running">; readonly failure: string | null },
): Promise<boolean> {
  const isEnded = await inductions.end(projectId, runId, { ...ended, at: clock() });
  // Seeds are kept only as long as they are needed.
  await deletePlanned(objects, { projectId, id: runId });
  return isEnded;
}
