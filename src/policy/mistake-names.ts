// What kinds of mistakes there are, where they come from, and why they may have to wait: the words that a policy's review rules name them by.

export const MISTAKE_KINDS = [
  "harmful",
  "offensive",
  "incorrect",
  "hijacked",
  "leaked",
  "over_refusal",
  "other",
] as const;
export type MistakeKind = (typeof MISTAKE_KINDS)[number];

/**
 * Why a mistake waits for a person: a cluster or key grew too fast, its key, end user or cluster is above a cap of the day, what
 * was said of it contradicts the guardrails, or its source isn't trusted. Nothing but a person's look at that one confirms it.
 */
export const QUARANTINES = ["burst", "cap", "contradiction", "source"] as const;
export type Quarantine = (typeof QUARANTINES)[number];

export const MISTAKE_SOURCES = ["production", "feedback", "induction", "import"] as const;
export type MistakeSource = (typeof MISTAKE_SOURCES)[number];
