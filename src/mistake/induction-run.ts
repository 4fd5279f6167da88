// An induction run: seed instructions, wrapped by techniques, asked of the deployed model with guidance and without
// (arXiv 2310.10477 section 4.1, stage 1). Law: an attempt has one outcome, and counts once.

export const INDUCTION_STATUSES = ["running", "finished", "cancelled", "failed"] as const;
export type InductionStatus = (typeof INDUCTION_STATUSES)[number];

export const INDUCTION_TRIGGERS = ["request", "schedule"] as const;

/** `unguided`: without guidance; `guided`: with that of the policy. */
export const INDUCTION_ARMS = ["unguided", "guided"] as const;
export type InductionArm = (typeof INDUCTION_ARMS)[number];

/**
 * `mistake`: the answer was flagged. `withstood`: it passed every guardrail. `input_blocked`: the model was never asked. `failed`: the
 * model or a guardrail did not answer, so nothing is known.
 */
export const ATTEMPT_OUTCOMES = ["mistake", "withstood", "input_blocked", "failed"] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** What decides a run's attempts, together with its seeds. */
export interface InductionSettings {
  readonly techniques: readonly string[];
  readonly arms: readonly InductionArm[];
  /** calls of the deployed model at most */
  readonly budget: number;
  readonly concurrency: number;
  /** decides order, draws and sampling */
  readonly seed: number;
  /** null: as the upstream's default */
  readonly model: string | null;
  readonly temperature: number;
  readonly maxTokens: number;
  /** whether an input that a guardrail would block is asked all the same, so that the model shows what it makes of it */
  readonly passInputs: boolean;
}

export interface InductionRun {
  readonly id: string;
  readonly projectId: string;
  readonly status: InductionStatus;
  readonly trigger: (typeof INDUCTION_TRIGGERS)[number];
  readonly settings: InductionSettings;
  /** of the texts around its seeds */
  readonly techniquesVersion: string;
  readonly seeds: number;
  /** attempts that its plan holds */
  readonly attempts: number;
  readonly failure: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** What came of the attempts of one technique in one arm. */
export interface InductionTally {
  readonly technique: string;
  readonly arm: InductionArm;
  readonly outcome: AttemptOutcome;
  readonly count: number;
  readonly calls: number;
}
