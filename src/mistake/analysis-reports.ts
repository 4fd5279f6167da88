// Port: how often analyses pass their check. Law: of the newest ones, so that what it reads is bounded whatever the store holds.

export interface AnalysisPassRate {
  readonly promptVersion: string;
  readonly model: string;
  /** that were checked and kept */
  readonly analyses: number;
  readonly passed: number;
  /** texts that were asked for: at most one of each analysis has passed */
  readonly attempts: number;
}

export interface AnalysisReports {
  /** By prompt and model, of the project's newest analyses. */
  passRates(projectId: string, newest: number): Promise<readonly AnalysisPassRate[]>;
}
