// What Setback and an operator's own guardrail say to each other (docs/decisions/judges.md). Law: ours alone, so strict both ways.
import { z } from "zod";

/** Of all findings of one answer. */
export const MOST_FINDINGS = 50;

export interface HttpCheckText {
  readonly role: string;
  readonly location: string;
  readonly text: string;
}

export interface HttpCheckRequest {
  readonly type: "guardrail.check";
  /** the judge's id in the policy */
  readonly guardrail: string;
  readonly side: "input" | "output";
  /** what is judged; spans count in these texts */
  readonly judged: readonly HttpCheckText[];
  /** for understanding alone */
  readonly context: readonly HttpCheckText[];
  /** whether something stands before `judged` that this request does not show: another one does */
  readonly is_cut: boolean;
}

const findingSchema = z.strictObject({
  category: z.string().min(1).max(100),
  message: z.string().min(1).max(500),
  /** [start, end) in UTF-16 code units of the judged text with this location: all three or none */
  location: z.string().optional(),
  start: z.int().min(0).optional(),
  end: z.int().min(1).optional(),
});

export const httpCheckAnswerSchema = z.strictObject({
  flagged: z.boolean(),
  findings: z.array(findingSchema).max(MOST_FINDINGS),
  score: z.number().min(0).max(1).optional(),
});

export type HttpFinding = z.infer<typeof findingSchema>;
