// Normal pairs: ordinary instructions with good answers, mixed into a release so that general ability is kept
// (arXiv 2310.10477 section 4.2). Read from the operator's JSONL. Law: a bad line is named by its number, never skipped.
import { z } from "zod";
import { err, ok, type Result } from "../lib/result.ts";

const normalPairSchema = z.object({ prompt: z.string().min(1), answer: z.string().min(1) });

export type NormalPair = z.infer<typeof normalPairSchema>;

/**
 * JSONL of `{"prompt": …, "answer": …}`; empty lines don't count. The error says which line and what to do.
 *
 * @param linesBefore how many lines of the file come before these
 */
export function readNormalPairs(jsonl: string, linesBefore = 0): Result<readonly NormalPair[], string> {
  const pairs: NormalPair[] = [];
  for (const [index, line] of jsonl.split("\n").entries()) {
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return err(`line ${linesBefore + index + 1} of the normal pairs is no JSON`);
    }
    const parsed = normalPairSchema.safeParse(value);
    if (!parsed.success) {
      return err(
        `line ${linesBefore + index + 1} of the normal pairs needs a "prompt" and an "answer", both non-empty texts`,
      );
    }
    pairs.push({ prompt: parsed.data.prompt.toWellFormed(), answer: parsed.data.answer.toWellFormed() });
  }
  return ok(pairs);
}
