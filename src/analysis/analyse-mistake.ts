// Guided mistake analysis (stage 2): asks the model, in a fresh context and with the hint, why an answer is bad.
// Law: the exchange is data — quoted between random delimiters in a user turn (models go easier on text in a turn of their
// own, arXiv 2603.04582); an empty analysis is a failure, not an analysis.
import { ownCallTokens } from "../wire/completion-tokens.ts";
import type { UsageMeter } from "../access/usage-meter.ts";
import type { Clock } from "../lib/clock.ts";
import type { MakeId, RandomBytes } from "../lib/ids.ts";
import { hex } from "../lib/hash.ts";
import { languageOf } from "../lib/language.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { dayOf } from "../lib/utc-day.ts";
import type { AnalysisBudget, AnalysisCaps } from "../mistake/analysis-budget.ts";
import { answerText, conversationText, lastUserText } from "../mistake/exchange-text.ts";
import type { AnalysisRequest } from "../mistake/analysis-queue.ts";
import type { StoredExchange } from "../mistake/mistake.ts";
import type { MistakeStore } from "../mistake/mistake-store.ts";
import { redact } from "../mistake/redaction.ts";
import { soundName } from "../mistake/sound-name.ts";
import type { ChatModel } from "../model/chat-model.ts";
import type { ChatRequest } from "../wire/chat-completion.ts";
import { analysisPrompt, type AnalysisPrompt } from "./analysis-prompts.ts";

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
}

/** Long exchanges are cut for the prompt, so that a small model's context holds them: what stands in the middle goes. */
const MAX_QUOTED_CHARACTERS = 6_000;
const HEAD_CHARACTERS = 2_000;
const OMISSION = "\n…\n";
/** Whose usage it is where no key was involved (an induction run). */
const NO_KEY = "none";
const MAX_ANALYSIS_TOKENS = 256;

/** The beginning, where a system prompt stands, and the end, where the last question does. */
function shortened(text: string): string {
  if (text.length <= MAX_QUOTED_CHARACTERS) return text.toWellFormed();
  const tail = text.slice(text.length - (MAX_QUOTED_CHARACTERS - HEAD_CHARACTERS - OMISSION.length));
  return `${text.slice(0, HEAD_CHARACTERS).toWellFormed()}${OMISSION}${tail.toWellFormed()}`;
}

export function analysisRequest(exchange: StoredExchange, prompt: AnalysisPrompt, delimiter: string): ChatRequest {
  const quote = (label: string, text: string): string =>
    `${label}:\n<${delimiter}>\n${shortened(text)}\n</${delimiter}>`;
  const content = [
    quote(prompt.instructionLabel, conversationText(exchange.messages)),
    quote(prompt.answerLabel, answerText(exchange.answer)),
    `${prompt.hint} ${prompt.question}`,
  ].join("\n\n");
  return { messages: [{ role: "user", content }], max_tokens: MAX_ANALYSIS_TOKENS, temperature: 0 };
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
  const { model, mistakes, clock, makeId, randomBytes, modelName } = dependencies;
  const found = await mistakes.get(projectId, mistakeId);
  // Asked for once it was stored: it was deleted since.
  if (found === null) return ok("skipped");
  // A flood must not buy anything: what is in quarantine is analysed once a person has confirmed it.
  if (found.analyses.length > 0 || found.mistake.quarantine !== null) return ok("skipped");
  const { exchange, kind, provenance } = found.mistake;
  const today = dayOf(clock());
  if (!(await dependencies.budget.buy(projectId, provenance.keyId, today, dependencies.caps))) {
    await dependencies.budget.defer({ projectId, mistakeId }, today);
    return ok("deferred");
  }
  const prompt = analysisPrompt(kind, languageOf(lastUserText(exchange.messages)));
  const request = analysisRequest(exchange, prompt, `quoted-${hex(randomBytes(6))}`);
  // Of an overruled attack no model may be known: then the default one is asked.
  const asked = modelName ?? provenance.model;
  const named = asked === "" ? request : { ...request, model: asked };
  const completed = await model.complete(named, signal);
  if (!completed.ok) return err(completed.error.code);
  dependencies.meter.record({
    projectId,
    keyId: provenance.keyId ?? NO_KEY,
    purpose: "analysis",
    model: completed.value.model,
    ...ownCallTokens(request, completed.value),
  });
  const text = answerOf(completed.value.choices[0]?.message.content);
  if (text === "") return err("the model gave an empty analysis");
  await mistakes.addAnalysis({
    id: makeId("ana"),
    projectId,
    mistakeId,
    text,
    promptVersion: prompt.version,
    model: soundName(completed.value.model),
    createdAt: clock(),
  });
  return ok("analysed");
}

function answerOf(content: string | null | undefined): string {
  return redact((content ?? "").toWellFormed().trim()).text;
}
