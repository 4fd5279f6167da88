// What a cell must show: the shape of the oracle's word.

/** What becomes of the text that carries the span. */
export type TextFate =
  /** as the model gave it */
  | "whole"
  /** nothing of it */
  | "nothing"
  /** at most what stands before the span; in `hold_back` with a guardrail that reads pieces, all but 64 characters of that */
  | "beginning"
  /** the span gives way to a marker */
  | "cut"
  /** the model's second answer, after at most the beginning of the first */
  | "repaired"
  /** the guardrail could withhold nothing, so it was not waited for */
  | "any";

export interface Expectation {
  readonly status: 200 | 400 | 503;
  readonly errorCode: string | null;
  /** the problem comes after the first byte */
  readonly isErrorEvent: boolean;
  readonly upstreamCalls: number;
  readonly text: TextFate;
  /** of the choice with the span; null where it has none or the upstream's own stands */
  readonly finishReason: string | null;
  /** `setback.action` of that choice */
  readonly told: string | null;
  readonly isFailureTold: boolean;
  /** whether choices without the span come as the model gave them */
  readonly areOthersWhole: boolean;
  /** the actions of the captured mistakes, in order */
  readonly mistakes: readonly string[];
  readonly attacks: number;
  readonly hasAlarm: boolean;
  /** `setback.action` of the whole reply, for an input that was let through with a flag or unread */
  readonly inputTold: string | null;
  /** `setback.skipped` of the whole reply: an image that nothing read */
  readonly isSkipTold: boolean;
}
