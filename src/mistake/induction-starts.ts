// Port: starts the attempts of an induction run, outside the request that asked for it.

export interface InductionStarts {
  start(projectId: string, runId: string): Promise<void>;
}
