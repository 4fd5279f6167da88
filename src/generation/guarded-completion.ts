// Stage 4 whole: input guardrails, guidance, the model, output guardrails on every choice, capture, and the guarded answer.
// Law: a blocked input costs no upstream call; nothing unchecked leaves; what was flagged is captured before the reply.
import type { Logger } from "../lib/logger.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { actionFor, decide, STRICTNESS } from "../guardrail/decide.ts";
import { flaggedCategories, flaggedFindings } from "../guardrail/flagged-categories.ts";
import type { GuardrailCall } from "../guardrail/guardrail.ts";
import { runGuardrails, type GuardrailSet } from "../guardrail/run-guardrails.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { Capture } from "../mistake/capture.ts";
import type { MistakeSource } from "../mistake/mistake.ts";
import type { ChatModel } from "../model/chat-model.ts";
import type { Policy } from "../policy/policy.ts";
import type { Problem } from "../problem.ts";
import { contentFilterResults } from "../wire/azure-content-filter.ts";
import type { ChatCompletion, ChatRequest, CompletionChoice } from "../wire/chat-completion.ts";
import { checkAnswer } from "./check-answer.ts";
import { answerTexts, exchangeOf } from "./exchange-of.ts";
import { explain, failures, guardChoice } from "./guard-choice.ts";
import type { Guide } from "./guidance/apply-guidance.ts";
import type { GuidanceText } from "./guidance/guidance-texts.ts";
import { guardrailUnavailable, inputBlocked } from "./guarded-problems.ts";
import { knownHead, textsBeside, withoutNotes } from "./known-fields.ts";

export interface CompletionDependencies {
  readonly model: ChatModel;
  readonly guardrails: GuardrailSet;
  readonly guide: Guide;
  readonly capture: Capture;
  readonly policy: Policy;
  readonly classifierVersion: string | null;
  readonly logger: Logger;
}

/** Whose request it is, for what is captured. */
export interface Caller {
  readonly projectId: string;
  readonly keyId: string;
  readonly requestId: string;
  readonly source: MistakeSource;
}

export async function completeGuarded(
  dependencies: CompletionDependencies,
  request: ChatRequest,
  caller: Caller,
  signal: AbortSignal,
): Promise<Result<ChatCompletion, Problem>> {
  const { model, guardrails, guide, policy } = dependencies;
  const call: GuardrailCall = { signal, model, spend: () => undefined };
  const inputVerdicts = await runGuardrails(guardrails, exchangeOf(request.messages, null, []), "input", call);
  alarm(dependencies.logger, inputVerdicts, caller);
  const refusal = await refuseInput(dependencies, request, caller, inputVerdicts);
  if (refusal !== null) return err(refusal);

  const guided = policy.guidance === "off" ? { request, guidance: null } : guide(request);
  const completed = await model.complete(guided.request, signal);
  if (!completed.ok) return completed;

  const choices: CompletionChoice[] = [];
  for (const choice of completed.value.choices) {
    const guarded = await guardOne(dependencies, request, caller, {
      completion: completed.value,
      choice,
      inputVerdicts,
      guidance: guided.guidance,
      call,
    });
    if (!guarded.ok) return guarded;
    choices.push(guarded.value);
  }
  const withheld = choices.some((choice, place) => choice.message !== completed.value.choices[place]?.message);
  const head = withheld ? knownHead(completed.value) : withoutNotes(completed.value);
  return ok({ ...head, choices, ...annotateInput(policy, inputVerdicts) });
}

/** Azure's place for what was seen in a prompt that was let through. */
function annotateInput(policy: Policy, verdicts: readonly Verdict[]): object {
  const categories = flaggedCategories(verdicts).filter((category) => actionFor(policy, "input", category) !== "allow");
  if (categories.length === 0) return {};
  const results = contentFilterResults(categories.map((category) => ({ category, filtered: false })));
  return {
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: results }],
    setback: explain("annotate", verdicts, null),
  };
}

async function refuseInput(
  { capture, guardrails, policy }: CompletionDependencies,
  request: ChatRequest,
  caller: Caller,
  verdicts: readonly Verdict[],
): Promise<Problem | null> {
  const decision = decide(policy, verdicts, guardrails);
  if (decision.action === "unavailable") return guardrailUnavailable(decision.guardrail, "input");
  // Cutting spans out of a user's words would change what they asked, so on input `redact` refuses too, and so does `repair`.
  if (STRICTNESS[decision.action] < STRICTNESS.redact) return null;
  if (isStored(policy, request)) {
    await capture.attack({
      projectId: caller.projectId,
      messages: request.messages,
      verdicts: verdicts.filter(({ status }) => status === "flag"),
      policyVersion: policy.version,
      keyId: caller.keyId,
      requestId: caller.requestId,
      upstreamStarted: false,
    });
  }
  return inputBlocked(policy, verdicts);
}

interface ChoiceContext {
  readonly completion: ChatCompletion;
  readonly choice: CompletionChoice;
  readonly inputVerdicts: readonly Verdict[];
  readonly guidance: GuidanceText | null;
  readonly call: GuardrailCall;
}

async function guardOne(
  { guardrails, capture, policy, classifierVersion, logger }: CompletionDependencies,
  request: ChatRequest,
  caller: Caller,
  { completion, choice, inputVerdicts, guidance, call }: ChoiceContext,
): Promise<Result<CompletionChoice, Problem>> {
  const checked = await checkAnswer(
    {
      guardrails,
      policy,
      messages: request.messages,
      guidance: guidance === null ? [] : [guidance.before, guidance.after],
      beside: textsBeside(completion, choice),
      call,
    },
    choice.message,
  );
  alarm(logger, checked.verdicts, caller);
  if (checked.action === "unavailable") return err(guardrailUnavailable(checked.guardrail, "output"));
  const { action, verdicts, message } = checked;
  const isMistake = flaggedFindings(verdicts).length > 0 && answerTexts(choice.message).length > 0;
  const mistakeId =
    isMistake && isStored(policy, request)
      ? await capture.mistake({
          projectId: caller.projectId,
          source: caller.source,
          messages: request.messages,
          answer: choice.message,
          verdicts: [...inputVerdicts, ...verdicts],
          action,
          releasedCharacters:
            action === "block" ? 0 : answerTexts(message).reduce((sum, { text }) => sum + text.length, 0),
          provenance: {
            model: completion.model,
            guidanceVersion: guidance?.version ?? null,
            policyVersion: policy.version,
            classifierVersion,
            keyId: caller.keyId,
            requestId: caller.requestId,
            completionId: completion.id,
            streamMode: null,
          },
        })
      : null;
  const noted = [...failures(inputVerdicts), ...verdicts];
  return ok(guardChoice({ ...withoutNotes(choice), message }, noted, action, policy, mistakeId));
}

/** One error line for each guardrail that failed, whatever the policy makes of it: this is what an alarm counts. */
function alarm(logger: Logger, verdicts: readonly Verdict[], { requestId }: Caller): void {
  for (const { guardrail, side, reason } of failures(verdicts)) {
    logger.error("guardrail_failed", { guardrail, side, reason, request_id: requestId });
  }
}

function isStored(policy: Policy, request: ChatRequest): boolean {
  return policy.store && request.store !== false;
}
