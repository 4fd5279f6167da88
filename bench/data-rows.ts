// The rows of the measurement data, as far as they are read. Law: loose on fields that nobody reads.
import { z } from "zod";

export const labelledRow = z.object({
  /** begins with the method of attack in JailbreakBench's artifacts */
  id: z.string().default(""),
  lang: z.string(),
  prompt: z.string(),
  response: z.string(),
  label: z.enum(["harmful", "safe"]),
});

export const promptRow = z.object({ prompt: z.string(), lang: z.string().default("en") });
export const categorisedPromptRow = promptRow.extend({ category: z.string() });
export const labelledPromptRow = promptRow.extend({ label: z.enum(["safe", "unsafe"]) });

export const exchangeRow = z.object({ instruction: z.string(), input: z.string(), response: z.string() });
export const turnsRow = z.object({ turns: z.array(z.string()) });
export const preferenceRow = z.object({ chosen: z.string(), rejected: z.string() });

const flag = z.number().optional();
/** absent = not labelled; 1 = the text is of the category */
export const moderationRow = z.object({
  prompt: z.string(),
  S: flag,
  H: flag,
  V: flag,
  HR: flag,
  SH: flag,
  S3: flag,
  H2: flag,
  V2: flag,
});

/** The user's text of an instruction with its material. */
export function instructionPrompt(row: z.infer<typeof exchangeRow>): string {
  return row.input === "" ? row.instruction : `${row.instruction}\n${row.input}`;
}
