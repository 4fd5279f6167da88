// Reads what Llama Guard said. Law: `safe`, or `unsafe` and the ids of its categories in a second line, or the same as Workers AI's
// JSON; everything else is an error, for it is not what the model was trained to say.
import { z } from "zod";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { Side } from "../../verdict.ts";
import { judgement, type Judgement } from "../judge-in-pieces.ts";
import { labelledFindings } from "../labelled-finding.ts";

const UNCLEAR = "Llama Guard gave no clear judgement";
/** fourteen ids and their commas */
const MOST_CHARACTERS = 200;
const UNSAFE = /^unsafe\n(S\d{1,2}(?:, ?S\d{1,2})*)$/;

function flagged(labels: readonly string[], side: Side): Result<Judgement, string> {
  const findings = labelledFindings("llama_guard", labels, side);
  return findings.ok ? ok(judgement(findings.value)) : findings;
}

export function readLlamaGuard(content: string, side: Side): Result<Judgement, string> {
  if (content.length > MOST_CHARACTERS) return err(UNCLEAR);
  // The template ends with an empty line, and the model begins with another one.
  const said = content.trim();
  if (said === "safe") return ok(judgement([]));
  const labels = UNSAFE.exec(said)?.[1];
  return labels === undefined ? err(UNCLEAR) : flagged(labels.split(/, ?/), side);
}

/** developers.cloudflare.com/workers-ai/models/llama-guard-3-8b: `response` is the text, or its reading as JSON. */
const workersAnswerSchema = z.looseObject({
  success: z.literal(true),
  result: z.looseObject({
    response: z.union([
      z.string(),
      z.strictObject({ safe: z.boolean(), categories: z.array(z.string()).max(14).nullish() }),
    ]),
  }),
});

export function readWorkersAnswer(answer: unknown, side: Side): Result<Judgement, string> {
  const parsed = workersAnswerSchema.safeParse(answer);
  if (!parsed.success) return err(UNCLEAR);
  const { response } = parsed.data.result;
  if (typeof response === "string") return readLlamaGuard(response, side);
  const labels = response.categories ?? [];
  // Safe with a category and unsafe without one contradict themselves.
  if (response.safe !== (labels.length === 0)) return err(UNCLEAR);
  return flagged(labels, side);
}
