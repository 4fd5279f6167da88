// Port: where induction runs and their attempts are kept. Law: a run ends once; an attempt has one outcome, whoever tells it how often.
import type { Page, PageRequest } from "../lib/page.ts";
import type { AttemptOutcome, InductionArm, InductionRun, InductionStatus, InductionTally } from "./induction-run.ts";

export interface BegunAttempt {
  readonly index: number;
  readonly technique: string;
  readonly arm: InductionArm;
  /** that it may take: kept for it until it ends */
  readonly calls: number;
}

export interface EndedAttempt {
  readonly outcome: AttemptOutcome;
  readonly calls: number;
  readonly mistakeId: string | null;
}

export interface InductionStore {
  insert(run: InductionRun): Promise<void>;
  get(projectId: string, id: string): Promise<InductionRun | null>;
  list(projectId: string, page: PageRequest): Promise<Page<InductionRun>>;
  /** Whether it may go on: the run is running, and this attempt has no outcome yet. Begun again, its calls are kept once more. */
  begin(projectId: string, runId: string, attempt: BegunAttempt): Promise<boolean>;
  /** The first outcome stays. */
  finish(projectId: string, runId: string, attempt: BegunAttempt, ended: EndedAttempt): Promise<void>;
  /** Calls of all its attempts, with those that are kept. */
  spent(projectId: string, runId: string): Promise<number>;
  /** Of attempts that have an outcome. */
  tallies(projectId: string, runId: string): Promise<readonly InductionTally[]>;
  /** Whether it was running until now. */
  end(
    projectId: string,
    id: string,
    ended: {
      readonly status: Exclude<InductionStatus, "running">;
      readonly failure: string | null;
      readonly at: number;
    },
  ): Promise<boolean>;
}
