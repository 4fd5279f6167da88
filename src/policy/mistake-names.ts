// What kinds of mistakes there are, and where they come from: the words that a policy's review rules name them by.

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

export const MISTAKE_SOURCES = ["production", "feedback", "induction", "import"] as const;
export type MistakeSource = (typeof MISTAKE_SOURCES)[number];
