// Why something has no example in a release. Law: a word for each reason, in the manifest; never the text.

export const WITHHELD_REASONS = [
  "empty_analysis",
  "empty_answer",
  "empty_prompt",
  "refused_analysis",
  "unsound_analysis",
  "refused_again",
  "target_flagged",
  "instruction_kept",
  "personal_data",
  "too_long",
  "held_out",
  "weight",
  "lint",
] as const;

export interface Withheld {
  /** null of a normal pair */
  readonly mistakeId: string | null;
  readonly reason: (typeof WITHHELD_REASONS)[number];
}
