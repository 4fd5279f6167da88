// Every minute: what each canary has shown so far, and what follows of it. Law: one canary's failure keeps no other waiting; the gate
// alone decides, and only from what was counted.
import { NO_KEY } from "../access/key.ts";
import {
  changeCandidate,
  type ChangeDependencies,
  promotionStep,
  rollbackStep,
} from "../finetuning/canary/change-candidate.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { Logger } from "../lib/logger.ts";
import { judgeCanary } from "../release/canary-gate.ts";
import type { CandidateStore } from "../release/candidate-store.ts";
import type { Candidate } from "../release/candidate.ts";

const MOST_CANARIES = 200;

export interface WatchDependencies extends ChangeDependencies {
  readonly candidates: CandidateStore;
  /** its project's requests are served anew, at once in this isolate */
  readonly candidateDirectory: { forget(projectId: string): void };
  readonly logger: Logger;
}

/** How many were decided on. */
export async function watchCanaries(dependencies: WatchDependencies): Promise<number> {
  const { candidates, logger } = dependencies;
  let decided = 0;
  for (const canary of await candidates.listCanaries(MOST_CANARIES)) {
    try {
      if (await isDecided(dependencies, canary)) decided += 1;
    } catch (caught) {
      logger.error("canary_not_watched", { candidate: canary.id, reason: errorMessage(caught) });
    }
  }
  return decided;
}

async function isDecided(dependencies: WatchDependencies, canary: Candidate): Promise<boolean> {
  const { candidates, candidateDirectory, clock, logger } = dependencies;
  const { id, projectId, gate, startedAt } = canary;
  const counts = await candidates.trialCounts(projectId, id);
  const { decision, reason } = judgeCanary(counts, gate, clock() - (startedAt ?? clock()));
  if (decision === "continue") return false;
  const step = decision === "promote" ? promotionStep : rollbackStep;
  const changed = await changeCandidate(dependencies, { projectId, id, keyId: NO_KEY }, (_, now) => step(reason, now));
  candidateDirectory.forget(projectId);
  logger.info("canary_decided", { candidate: id, decision, reason, changed: changed.ok });
  return changed.ok;
}
