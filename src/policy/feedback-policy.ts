// What a policy says of feedback. Law: by default nothing of an answer that passed is kept, and no web page is let in.
import { z } from "zod";

/** Scheme, host and port as a browser sends them (RFC 6454 section 6.2): no path, no slash at the end, no wildcard. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

const origin = z.string().max(300).refine(isOrigin, { message: "is no origin: write it like https://shop.example" });

export const feedbackPolicySchema = z.strictObject({
  /** how long an answer that passed is kept, so that feedback can name it by its completion id; 0: not at all */
  window_hours: z.int().min(0).max(720),
  /** of web pages that may send feedback */
  origins: z.array(origin).max(100),
});

export const DEFAULT_FEEDBACK_POLICY: z.infer<typeof feedbackPolicySchema> = { window_hours: 0, origins: [] };
