// One attempt: a technique's script, asked turn by turn through the same generation code as a client's request.
// Law: what goes wrong is `failed`, never withstood; its usage has a purpose of its own, and no outcome counts as production.
import { NO_KEY } from "../../access/key.ts";
import type { UsageMeter } from "../../access/usage-meter.ts";
import { completeGuarded, type CompletionDependencies } from "../../generation/guarded-completion.ts";
import { allowingPolicy } from "../../generation/request-policy.ts";
import type { CompiledPolicy } from "../../guardrail/compiled-policy.ts";
import { errorMessage } from "../../lib/error-message.ts";
import { fnv1a } from "../../lib/fnv1a.ts";
import { promptText } from "../../mistake/exchange-text.ts";
import type { AttemptOutcome, InductionRun } from "../../mistake/induction-run.ts";
import type { EndedAttempt } from "../../mistake/induction-store.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import type { ChatMessage, ChatRequest } from "../../wire/chat-completion.ts";
import { contentText } from "../../wire/content-text.ts";
import { techniqueOf } from "../techniques/catalogue.ts";
import type { Seed } from "../techniques/technique.ts";
import { InductionCapture } from "./induction-capture.ts";
import { drawsOf, type PlannedAttempt } from "./induction-plan.ts";
import { inductionPolicy } from "./induction-policy.ts";

/** Whose usage it is. */
export const INDUCTION_KEY_ID = "induction";
const SAMPLING_SEEDS = 1_000_000;
const ATTEMPT_MILLISECONDS = 240_000;

export interface AttemptOrder {
  readonly run: InductionRun;
  readonly attempt: PlannedAttempt;
  readonly seed: Seed;
  /** the project's, not monitored */
  readonly compiled: CompiledPolicy;
}

class CountedModel implements ChatModel {
  readonly #model: ChatModel;
  calls = 0;

  constructor(model: ChatModel) {
    this.#model = model;
  }

  async complete(...asked: Parameters<ChatModel["complete"]>): ReturnType<ChatModel["complete"]> {
    this.calls += 1;
    return await this.#model.complete(...asked);
  }

  async stream(...asked: Parameters<ChatModel["stream"]>): ReturnType<ChatModel["stream"]> {
    this.calls += 1;
    return await this.#model.stream(...asked);
  }

  async models(...asked: Parameters<ChatModel["models"]>): ReturnType<ChatModel["models"]> {
    return await this.#model.models(...asked);
  }
}

function inductionMeter(meter: UsageMeter): UsageMeter {
  return {
    record: (usage) => {
      meter.record({ ...usage, keyId: INDUCTION_KEY_ID, purpose: "induction" });
    },
    count: () => undefined,
  };
}

function requestOf(run: InductionRun, attempt: PlannedAttempt, messages: readonly ChatMessage[]): ChatRequest {
  const { model, temperature, maxTokens, seed } = run.settings;
  return {
    ...(model === null ? {} : { model }),
    messages: [...messages],
    temperature,
    max_tokens: maxTokens,
    // Both arms of a pair are sampled alike.
    seed: fnv1a(`${seed} ${attempt.seed} ${attempt.technique}`) % SAMPLING_SEEDS,
  };
}

export async function runAttempt(dependencies: CompletionDependencies, order: AttemptOrder): Promise<EndedAttempt> {
  const { run, attempt } = order;
  const capture = new InductionCapture(dependencies.capture, run, attempt);
  const model = new CountedModel(dependencies.model);
  const meter = inductionMeter(dependencies.meter);
  const ended = (outcome: AttemptOutcome): EndedAttempt => ({
    outcome,
    calls: model.calls,
    mistakeId: capture.mistakeId,
  });
  try {
    return ended(await attemptOutcome({ ...dependencies, capture, model, meter }, capture, order));
  } catch (caught) {
    const reason = errorMessage(caught);
    dependencies.logger.error("induction_attempt_failed", { run: run.id, attempt: attempt.index, reason });
    return ended("failed");
  }
}

async function attemptOutcome(
  dependencies: CompletionDependencies,
  capture: InductionCapture,
  { run, attempt, seed, compiled }: AttemptOrder,
): Promise<AttemptOutcome> {
  const technique = techniqueOf(attempt.technique);
  if (technique === null) return "failed";
  const { before, turns } = technique.build(seed, drawsOf(run.settings, attempt));
  const own = inductionPolicy(compiled, attempt.arm, run.settings);
  const caller = {
    ...{ projectId: run.projectId, keyId: INDUCTION_KEY_ID, consent: null },
    ...{ requestId: `${run.id}:${attempt.index}`, source: "induction" as const },
  };
  const signal = AbortSignal.timeout(ATTEMPT_MILLISECONDS);
  const messages: ChatMessage[] = [
    ...(seed.system === null ? [] : [{ role: "system", content: seed.system } as const]),
    ...before,
  ];
  for (const content of turns) {
    messages.push({ role: "user", content });
    const policy = await allowingPolicy(own, NO_KEY, dependencies.clock, () => promptText(messages));
    const request = requestOf(run, attempt, messages);
    const completed = await completeGuarded({ ...dependencies, ...policy }, request, caller, signal);
    if (capture.flagged > 0) return "mistake";
    if (!completed.ok) return completed.error.code === "content_filter" ? "input_blocked" : "failed";
    const [choice] = completed.value.choices;
    if (choice === undefined) return "failed";
    const answer = contentText(choice.message.content);
    if (answer === "") return "withstood";
    messages.push({ role: "assistant", content: answer });
  }
  return "withstood";
}
