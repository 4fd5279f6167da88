// Best of k (stage 2): asks for an analysis until one passes the check, a few times at most, each with a seed of its own.
// Law: every text is redacted before it is checked or kept; of texts that all fail the one with the fewest faults is kept, marked.
import type { FastGuardrail } from "../guardrail/guardrail.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { AnalysisFault } from "../mistake/analysis-quality.ts";
import { redact } from "../mistake/redaction.ts";
import type { ChatCompletion, ChatRequest } from "../wire/chat-completion.ts";
import { analysisFaults, type AnalysedMistake } from "./check-analysis.ts";

const WARM = 0.7;
/** Of what an upstream without a limit may say; more is not even redacted. */
const MOST_READ_CHARACTERS = 20_000;
const MOST_KEPT_CHARACTERS = 8_000;

export interface BestAnalysis {
  readonly text: string;
  readonly model: string;
  /** nothing: it passed */
  readonly quality: readonly AnalysisFault[];
  /** texts that were asked for */
  readonly attempts: number;
}

/** One call of the analyst: `spent` where the day's budget holds no more. */
export type AskAnalyst = (request: ChatRequest) => Promise<Result<ChatCompletion, string> | "spent">;

export interface BestAnalysisOptions {
  readonly mistake: AnalysedMistake;
  readonly guardrails: readonly FastGuardrail[];
  readonly attempts: number;
  /** different for every round of a mistake, so that no round repeats another */
  readonly seed: number;
  /** true: the first text is the likeliest one */
  readonly coldFirst: boolean;
}

/** What is said, as it may be stored. */
export function saidBy({ choices }: ChatCompletion, most = MOST_KEPT_CHARACTERS): string {
  const content = choices[0]?.message.content ?? "";
  return redact(content.slice(0, MOST_READ_CHARACTERS).toWellFormed().trim()).text.slice(0, most).toWellFormed();
}

/**
 * `spent` where not even one could be bought. An upstream that fails, or says nothing, is an error, unless an earlier attempt of
 * the round has said something: that is kept.
 */
export async function bestAnalysis(
  request: ChatRequest,
  ask: AskAnalyst,
  { mistake, guardrails, attempts, seed, coldFirst }: BestAnalysisOptions,
): Promise<Result<BestAnalysis | "spent", string>> {
  let best: Omit<BestAnalysis, "attempts"> | null = null;
  let failure = "the model gave an empty analysis";
  let asked = 0;
  while (asked < attempts) {
    const temperature = asked === 0 && coldFirst ? 0 : WARM;
    const completed = await ask({ ...request, temperature, seed: seed + asked });
    if (completed === "spent") {
      if (asked === 0) return ok("spent");
      break;
    }
    asked += 1;
    if (!completed.ok) {
      failure = completed.error;
      break;
    }
    const text = saidBy(completed.value);
    if (text === "") continue;
    const quality = analysisFaults(text, mistake, guardrails);
    if (best === null || quality.length < best.quality.length) best = { text, model: completed.value.model, quality };
    if (quality.length === 0) break;
  }
  return best === null ? err(failure) : ok({ ...best, attempts: asked });
}
