// Guided mistake analysis (stage 2): asks the model, in a fresh context and with the hint, why an answer is bad.
// Law: an empty analysis is a failure, not an analysis; one that fails the check is kept, marked, and asked for again on another
// day, three times at most.
import type { UsageMeter } from "../access/usage-meter.ts";
import type { FastGuardrail } from "../guardrail/guardrail.ts";
import type { Clock } from "../lib/clock.ts";
import { fnv1a } from "../lib/fnv1a.ts";
import { hex } from "../lib/hash.ts";
import type { MakeId, RandomBytes } from "../lib/ids.ts";
import { languageOf } from "../lib/language.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { dayOf } from "../lib/utc-day.ts";
import type { AnalysisBudget, AnalysisCaps } from "../mistake/analysis-budget.ts";
import { isSound } from "../mistake/analysis-quality.ts";
import type { AnalysisRequest } from "../mistake/analysis-queue.ts";
import { lastUserText } from "../mistake/exchange-text.ts";
import type { MistakeStore, MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import { soundName } from "../mistake/sound-name.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { ownCallTokens } from "../wire/completion-tokens.ts";
import { analysisPrompt } from "./analysis-prompts.ts";
import { analysisRequest } from "./analysis-request.ts";
import { bestAnalysis, type AskAnalyst } from "./best-analysis.ts";

export interface AnalysisDependencies {
  readonly model: ChatModel;
  readonly mistakes: Pick<MistakeStore, "get" | "addAnalysis">;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly randomBytes: RandomBytes;
  readonly budget: Pick<AnalysisBudget, "buy" | "defer">;
  readonly caps: AnalysisCaps;
  readonly meter: UsageMeter;
  /** null: the model that made the mistake */
  readonly modelName: string | null;
  /** of the output: an analysis passes them like an answer */
  readonly guardrails: readonly FastGuardrail[];
  /** texts that are asked for in a row, until one passes */
  readonly attempts: number;
}

/** Whose usage it is where no key was involved (an induction run). */
const NO_KEY = "none";
/** Days on which a mistake is analysed anew, as long as no analysis of it passes. */
const MOST_ROUNDS = 3;
const SEEDS = 1_000_000;

/** Whether nothing (more) is to be asked about it today. */
function isSettled({ mistake, analyses }: MistakeWithAnalyses, today: number): boolean {
  // A flood must not buy anything: what is in quarantine is analysed once a person has confirmed it.
  if (mistake.quarantine !== null) return true;
  const latest = analyses.at(-1);
  if (latest === undefined) return false;
  if (analyses.some(isSound) || analyses.length >= MOST_ROUNDS) return true;
  return mistake.state === "dismissed" || mistake.state === "released" || dayOf(latest.createdAt) >= today;
}

/** Buys each call, and counts it. */
function analyst(
  { model, budget, caps, meter, modelName }: AnalysisDependencies,
  { mistake: { projectId, provenance } }: MistakeWithAnalyses,
  today: number,
  signal: AbortSignal,
): AskAnalyst {
  // Of an overruled attack no model may be known: then the default one is asked.
  const named = modelName ?? provenance.model;
  return async (request) => {
    if (!(await budget.buy(projectId, provenance.keyId, today, caps))) return "spent";
    const completed = await model.complete(named === "" ? request : { ...request, model: named }, signal);
    if (!completed.ok) return err(completed.error.code);
    meter.record({
      projectId,
      keyId: provenance.keyId ?? NO_KEY,
      purpose: "analysis",
      model: completed.value.model,
      ...ownCallTokens(request, completed.value),
    });
    return ok(completed.value);
  };
}

/**
 * `analysed`, `skipped` where there is nothing (more) to analyse, or `deferred` where today's budget is spent: then it is
 * asked for again on another day. An error is worth another attempt, which buys another call.
 */
export async function analyseMistake(
  dependencies: AnalysisDependencies,
  { projectId, mistakeId }: AnalysisRequest,
  signal: AbortSignal,
): Promise<Result<"analysed" | "skipped" | "deferred", string>> {
  const { mistakes, clock, makeId, randomBytes, budget, guardrails, attempts } = dependencies;
  const found = await mistakes.get(projectId, mistakeId);
  const today = dayOf(clock());
  // Asked for once it was stored: it may be deleted since.
  if (found === null || isSettled(found, today)) return ok("skipped");
  const { exchange, kind } = found.mistake;
  const language = languageOf(lastUserText(exchange.messages));
  const prompt = analysisPrompt(kind, language);
  const round = found.analyses.length;
  const best = await bestAnalysis(
    analysisRequest(exchange, prompt, `quoted-${hex(randomBytes(6))}`),
    analyst(dependencies, found, today, signal),
    {
      mistake: { exchange, kind, language },
      guardrails,
      attempts,
      seed: fnv1a(mistakeId, String(round)) % SEEDS,
      coldFirst: round === 0,
    },
  );
  if (!best.ok) return best;
  if (best.value === "spent") {
    await budget.defer({ projectId, mistakeId }, today);
    return ok("deferred");
  }
  const { model, ...kept } = best.value;
  // First, so that whatever stops this in between costs a round, not the next one.
  if (!isSound(kept) && round + 1 < MOST_ROUNDS) await budget.defer({ projectId, mistakeId }, today);
  await mistakes.addAnalysis({
    ...{ id: makeId("ana"), projectId, mistakeId, promptVersion: prompt.version, model: soundName(model) },
    ...{ ...kept, createdAt: clock(), details: null, proposedCorrection: null },
  });
  return ok("analysed");
}
