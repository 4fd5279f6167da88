// Which model answers a request: the project's own, the promoted candidate, or, for its share of conversations, the one in its canary.
// Law: a candidate whose upstream is gone serves nobody and is counted for nothing; judges never ask a candidate.
import type { TrialMeter, TrialOutcome } from "../../access/trial.ts";
import type { Outcome } from "../../access/usage.ts";
import type { UsageMeter } from "../../access/usage-meter.ts";
import type { CompletionDependencies } from "../../generation/guarded-completion.ts";
import type { Logger } from "../../lib/logger.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import { withModelName } from "../../model/with-model-name.ts";
import type { CandidatesInUse } from "../../release/candidate-store.ts";
import type { Candidate } from "../../release/candidate.ts";
import type { ChatRequest } from "../../wire/chat-completion.ts";
import { armOf, subjectOf } from "./arm-of.ts";
import { ObservedModel } from "./observed-model.ts";

const FLAGGED = new Set<Outcome>(["answer_blocked", "answer_redacted", "answer_annotated", "answer_repaired"]);

export interface RouteDependencies {
  /** the project's model of purpose "candidate" by its upstream's name; null where it has none */
  readonly candidateModel: (upstream: string) => Promise<ChatModel | null>;
  readonly own: ChatModel;
  readonly meter: UsageMeter;
  readonly trials: TrialMeter;
  readonly logger: Logger;
}

type Route = Pick<CompletionDependencies, "answers" | "meter">;

/** Counts a request of which anything was flagged once. */
function flagMeter(meter: UsageMeter, report: (outcome: TrialOutcome) => void): UsageMeter {
  let isFlagged = false;
  return {
    record: (usage) => {
      meter.record(usage);
    },
    count: (counted) => {
      meter.count(counted);
      if (isFlagged || !FLAGGED.has(counted.outcome)) return;
      isFlagged = true;
      report("flagged");
    },
  };
}

async function modelOf({ candidateModel, logger }: RouteDependencies, candidate: Candidate): Promise<ChatModel | null> {
  const model = await candidateModel(candidate.upstream);
  if (model === null) logger.error("candidate_without_upstream", { candidate: candidate.id });
  return model === null ? null : withModelName(model, candidate.model);
}

export async function routeRequest(
  dependencies: RouteDependencies,
  { promoted, canary }: CandidatesInUse,
  keyId: string,
  request: ChatRequest,
): Promise<Route> {
  const { own, meter, trials } = dependencies;
  const incumbent = (promoted === null ? null : await modelOf(dependencies, promoted)) ?? own;
  const tried = canary === null ? null : await modelOf(dependencies, canary);
  if (canary === null || tried === null) return { answers: incumbent, meter };
  const arm = armOf(canary, subjectOf(keyId, request));
  const report = (outcome: TrialOutcome): void => {
    trials.trial({ projectId: canary.projectId, candidateId: canary.id, arm, outcome });
  };
  const model = arm === "candidate" ? tried : incumbent;
  return { answers: new ObservedModel(model, report), meter: flagMeter(meter, report) };
}
