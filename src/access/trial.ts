// What comes of requests while a candidate is on trial, by arm. Law: counts only; both arms are counted alike.

export const TRIAL_ARMS = ["incumbent", "candidate"] as const;
export type TrialArm = (typeof TRIAL_ARMS)[number];

export const TRIAL_OUTCOMES = ["request", "flagged", "refused", "error"] as const;
export type TrialOutcome = (typeof TRIAL_OUTCOMES)[number];

export interface CountedTrial {
  readonly projectId: string;
  readonly candidateId: string;
  readonly arm: TrialArm;
  readonly outcome: TrialOutcome;
}

export interface TrialCount extends CountedTrial {
  readonly count: number;
}

/** Port: synchronous and cheap, as the usage meter is, and flushed with it. */
export interface TrialMeter {
  trial(counted: CountedTrial): void;
}
