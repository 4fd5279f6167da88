// Stage 4 whole: input guardrails, guidance, the model, output guardrails on every choice, repair, capture, and the guarded answer.
// Law: nothing unchecked leaves; what was flagged is captured before the reply.
import type { ExchangeText } from "../guardrail/exchange.ts";
import { actionFor, letsPass } from "../guardrail/decide.ts";
import { flaggedCategories } from "../guardrail/flagged-categories.ts";
import { JudgeBudget } from "../guardrail/judge-budget.ts";
import type { JudgedCall } from "../guardrail/run-cascade.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { ChatModel } from "../model/chat-model.ts";
import type { FindGuardrailUpstream } from "../model/guardrail-upstream.ts";
import { withDefaultName } from "../model/with-default-name.ts";
import type { Policy } from "../policy/policy.ts";
import type { Problem } from "../problem.ts";
import { contentFilterResults } from "../wire/azure-content-filter.ts";
import type { ChatCompletion, ChatRequest, CompletionChoice, CompletionMessage } from "../wire/chat-completion.ts";
import { type Caller, captureChoice, keepPassed } from "./capture-choice.ts";
import { checkAnswer, type CheckedAnswer } from "./check-answer.ts";
import { exchangeOf } from "./exchange-of.ts";
import { expectedAnswer } from "./expected-answer.ts";
import { explain, failures, gaps, guardChoice } from "./guard-choice.ts";
import { alarm, guardInput, type InputDependencies } from "./guard-input.ts";
import type { GuidedRequest } from "./guidance/apply-guidance.ts";
import { type GuidanceDependencies, guideRequest } from "./guidance/guide-request.ts";
import { guardrailUnavailable } from "./guarded-problems.ts";
import { knownHead, knownUsage, textsBeside, withoutNotes } from "./known-fields.ts";
import { givenCharacters } from "./redact-answer.ts";
import { repairRequest } from "./repair-request.ts";
import { soundLogprobs, withholdsPieces } from "./sound-logprobs.ts";
import { addUsage, countAction, spend, spendCompletion } from "./usage.ts";

export interface CompletionDependencies extends InputDependencies, GuidanceDependencies {
  /** what answers the client, where it isn't `model`, which judges and guidance go on asking */
  readonly answers?: ChatModel;
  /** the project's servers for guardrails */
  readonly guardrailUpstream: FindGuardrailUpstream;
}

export async function completeGuarded(
  dependencies: CompletionDependencies,
  request: ChatRequest,
  caller: Caller,
  signal: AbortSignal,
): Promise<Result<ChatCompletion, Problem>> {
  const { model, answers = model, policy, meter } = dependencies;
  const call = guardrailCall(dependencies, request, caller, signal);
  const asked = await guardInput(dependencies, request, caller, call, async (given, verdicts) => {
    const guided = await guideRequest(dependencies, request, caller, verdicts, given);
    const completed = await answers.complete(guided.request, given);
    if (!completed.ok) return completed;
    spendCompletion(meter, caller, "completion", guided.request, completed.value);
    return ok({ guided, completion: completed.value });
  });
  if (!asked.ok) return asked;
  const { guided, completion } = asked.value.value;
  const inputVerdicts = asked.value.verdicts;
  const context = { dependencies, request, caller, guided, inputVerdicts, call };
  const choices: GuardedChoice[] = [];
  for (const choice of completion.choices) {
    const guarded = await guardAnswer({ ...context, draw: dependencies.random() }, completion, choice);
    if (!guarded.ok) return guarded;
    choices.push(guarded.value);
  }
  const withheld = choices.some(({ choice }, place) => choice.message !== completion.choices[place]?.message);
  const head = withheld ? knownHead(completion) : withoutNotes(completion);
  const usage = choices.reduce((sum, { repairUsage }) => addUsage(sum, repairUsage), completion.usage);
  return ok({
    ...head,
    ...(usage === completion.usage || !usage ? {} : { usage: knownUsage(usage) }),
    choices: choices.map(({ choice }) => choice),
    ...annotateInput(policy, inputVerdicts),
  });
}

export function guardrailCall(
  { model, guardrailUpstream, meter, policy, clock }: CompletionDependencies,
  request: ChatRequest,
  caller: Caller,
  signal: AbortSignal,
): JudgedCall {
  return {
    signal,
    clock,
    budget: new JudgeBudget(policy.judge_budget),
    model: withDefaultName(model, request.model),
    upstream: guardrailUpstream,
    spend: (usage) => {
      spend(meter, caller, "judge", usage);
    },
  };
}

/** Azure's place for what was seen in a prompt that was let through. */
export function annotateInput(policy: Policy, verdicts: readonly Verdict[]): object {
  const categories = flaggedCategories(verdicts).filter((category) => actionFor(policy, "input", category) !== "allow");
  const skipped = gaps(verdicts).filter(({ status }) => status === "skipped");
  if (categories.length === 0) return skipped.length === 0 ? {} : { setback: explain("allow", skipped, null) };
  const results = contentFilterResults(categories.map((category) => ({ category, filtered: false })));
  return {
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: results }],
    setback: explain("annotate", verdicts, null),
  };
}

interface AnswerContext {
  readonly dependencies: CompletionDependencies;
  readonly request: ChatRequest;
  readonly caller: Caller;
  readonly guided: GuidedRequest;
  readonly inputVerdicts: readonly Verdict[];
  readonly call: JudgedCall;
  /** of this choice */
  readonly draw: number;
}

interface GuardedChoice {
  readonly choice: CompletionChoice;
  readonly repairUsage: ChatCompletion["usage"];
}

async function check(
  { dependencies, request, caller, guided, call, draw }: AnswerContext,
  message: CompletionMessage,
  beside: readonly ExchangeText[],
  guidance: readonly string[] = guidanceTexts(guided),
): Promise<CheckedAnswer> {
  const { guardrails, policy } = dependencies;
  const { messages } = request;
  const expected = expectedAnswer(request);
  const checked = await checkAnswer({ guardrails, policy, call, draw, messages, guidance, expected, beside }, message);
  alarm(dependencies, checked.verdicts, caller);
  return checked;
}

export function guidanceTexts({ guidance }: GuidedRequest): readonly string[] {
  return guidance === null ? [] : [guidance.before, guidance.after];
}

async function capture(
  { dependencies, request, caller, guided, inputVerdicts }: AnswerContext,
  completion: ChatCompletion,
  answer: CompletionMessage,
  checked: Extract<CheckedAnswer, { message: CompletionMessage }>,
  guidanceVersion: string | null = guided.guidance?.version ?? null,
): Promise<string | null> {
  const { action, verdicts, message } = checked;
  const isWithheld = action === "block" || action === "repair";
  return await captureChoice(dependencies, request, caller, {
    answer,
    inputVerdicts,
    verdicts,
    action,
    releasedCharacters: isWithheld ? 0 : givenCharacters(answer, message),
    model: completion.model,
    completionId: completion.id,
    guidanceVersion,
    // A stream comes here only to be buffered.
    streamMode: request.stream === true ? "buffer" : null,
  });
}

/** What the client gets, by the name that it knows it by. */
async function keep(
  { dependencies, request, caller, guided, inputVerdicts }: AnswerContext,
  { id: completionId, model }: ChatCompletion,
  { index: choice }: CompletionChoice,
  { action, verdicts, message: answer }: Extract<CheckedAnswer, { message: CompletionMessage }>,
  guidanceVersion: string | null = guided.guidance?.version ?? null,
): Promise<void> {
  if (!letsPass(action)) return;
  const streamMode = request.stream === true ? "buffer" : null;
  const origin = { model, completionId, guidanceVersion, streamMode } as const;
  await keepPassed(dependencies, request, caller, { choice, answer, inputVerdicts, verdicts, action, ...origin });
}

/** With the message as it may leave, and of what repeats it as much as was read with it. */
function checkedChoice(
  { dependencies, request, guided }: AnswerContext,
  choice: CompletionChoice,
  message: CompletionMessage,
): CompletionChoice {
  const { logprobs } = choice;
  const plain = { ...withoutNotes(choice), message };
  if (logprobs === undefined || logprobs === null) return plain;
  const { guardrails, policy } = dependencies;
  const exchange = exchangeOf(request.messages, null, guidanceTexts(guided));
  return { ...plain, logprobs: soundLogprobs(logprobs, message, withholdsPieces(guardrails.fast, policy, exchange)) };
}

async function guardAnswer(
  context: AnswerContext,
  completion: ChatCompletion,
  choice: CompletionChoice,
): Promise<Result<GuardedChoice, Problem>> {
  const { policy, meter } = context.dependencies;
  const { messages } = context.request;
  const checked = await check(context, choice.message, textsBeside(completion, choice));
  if (checked.action === "unavailable") return err(guardrailUnavailable(checked.guardrail, "output"));
  const mistakeId = await capture(context, completion, choice.message, checked);
  const noted = [...failures(context.inputVerdicts), ...checked.verdicts];
  if (checked.action === "repair") return ok(await repair(context, completion, choice, noted, mistakeId));
  if (mistakeId === null) await keep(context, completion, choice, checked);
  countAction(meter, context.caller, checked.action);
  const guarded = checkedChoice(context, choice, checked.message);
  return ok({ choice: guardChoice(guarded, noted, checked.action, policy, mistakeId, messages), repairUsage: null });
}

/** Asks again, at most as often as the policy says; what is still flagged then is blocked. */
async function repair(
  context: AnswerContext,
  completion: ChatCompletion,
  choice: CompletionChoice,
  noted: readonly Verdict[],
  mistakeId: string | null,
): Promise<GuardedChoice> {
  const { dependencies, request, caller, guided, call } = context;
  const { model, answers = model, policy, meter } = dependencies;
  const { messages } = request;
  let verdicts = noted;
  let repairUsage: ChatCompletion["usage"] = null;
  for (let attempt = 1; attempt <= policy.repair_attempts; attempt += 1) {
    const asked = repairRequest(guided, request, verdicts, "");
    const completed = await answers.complete(asked.request, call.signal);
    const [again] = completed.ok ? completed.value.choices : [];
    if (!completed.ok || again === undefined) break;
    repairUsage = addUsage(repairUsage, completed.value.usage);
    spendCompletion(meter, caller, "repair", asked.request, completed.value);
    const checked = await check(context, again.message, textsBeside(completed.value, again), asked.guidance);
    if (checked.action === "unavailable") break;
    // What can't be asked for again is blocked.
    const isLast = attempt === policy.repair_attempts;
    const action = checked.action === "repair" && isLast ? "block" : checked.action;
    const given = { ...checked, action };
    const captured = await capture(context, completed.value, again.message, given, asked.guidanceVersion);
    if (captured === null) await keep(context, completion, choice, given, asked.guidanceVersion);
    if (checked.action !== "repair" && checked.action !== "block") {
      const repaired = { ...checkedChoice(context, again, checked.message), index: choice.index };
      countAction(meter, caller, "repair");
      return { choice: guardChoice(repaired, noted, "repair", policy, mistakeId, messages), repairUsage };
    }
    verdicts = checked.verdicts;
  }
  countAction(meter, caller, "block");
  return { choice: guardChoice(choice, noted, "block", policy, mistakeId, messages), repairUsage };
}
