// Everything that one streamed answer is guarded with. Law: made once a request; its parts know nothing of HTTP.
import { actionFor, letsPass } from "../../guardrail/decide.ts";
import type { Exchange } from "../../guardrail/exchange.ts";
import type { FastGuardrail, GuardrailCall, SlowGuardrail } from "../../guardrail/guardrail.ts";
import type { GuardrailSet } from "../../guardrail/run-guardrails.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import type { Result } from "../../lib/result.ts";
import type { ChatStream } from "../../model/chat-model.ts";
import { type Category, isCategory } from "../../policy/category.ts";
import type { Policy, StreamMode } from "../../policy/policy.ts";
import type { Problem } from "../../problem.ts";
import type { ChatRequest } from "../../wire/chat-completion.ts";
import type { Caller } from "../capture-choice.ts";
import { exchangeOf } from "../exchange-of.ts";
import { expectedAnswer } from "../expected-answer.ts";
import { annotateInput, type CompletionDependencies, guidanceTexts } from "../guarded-completion.ts";
import type { InputDependencies } from "../guard-input.ts";
import type { GuidedRequest } from "../guidance/apply-guidance.ts";
import { repairRequest } from "../repair-request.ts";
import type { ChoiceWatch } from "./choice-guard.ts";
import { JudgeWindows } from "./judge-windows.ts";
import { ScoreWatch } from "./score-watch.ts";
import { TextScanner } from "./text-scan.ts";

export interface StreamContext {
  readonly request: ChatRequest;
  readonly caller: Caller;
  readonly policy: Policy;
  readonly guardrails: GuardrailSet;
  readonly mode: Exclude<StreamMode, "buffer">;
  readonly call: GuardrailCall;
  readonly dependencies: InputDependencies;
  readonly guidance: readonly string[];
  readonly guidanceVersion: string | null;
  readonly inputVerdicts: readonly Verdict[];
  /** what is said of the prompt, in the first chunk */
  readonly inputNotes: object;
  /** how many choices were asked for */
  readonly choices: number;
  readonly watch: ChoiceWatch;
  readonly createWindows: () => JudgeWindows | null;
  /** @param left fires when the client goes away */
  readonly repair: (verdicts: readonly Verdict[], released: string, left: AbortSignal) => Repair;
}

export interface Repair {
  readonly stream: Promise<Result<ChatStream, Problem>>;
  readonly guidance: readonly string[];
  readonly guidanceVersion: string;
}

/** Whether a flag of this guardrail could withhold anything. Guardrails that only annotate speak at the end. */
function withholds(policy: Policy, { categories }: Pick<FastGuardrail, "categories">): boolean {
  const known: readonly Category[] = categories.filter(isCategory);
  if (known.length < categories.length || categories.length === 0) return true;
  return known.some((category) => !letsPass(actionFor(policy, "output", category)));
}

function watchOf(
  policy: Policy,
  guardrails: GuardrailSet,
  judges: readonly SlowGuardrail[],
  exchange: Exchange,
): ChoiceWatch {
  const isObserved = policy.stream_mode === "observe";
  const watching = guardrails.fast.filter(
    (guardrail) =>
      guardrail.sides.includes("output") && withholds(policy, guardrail) && (guardrail.concerns?.(exchange) ?? true),
  );
  const isBlind =
    watching.some((guardrail) => !("glimpse" in guardrail) && !("follow" in guardrail)) ||
    guardrails.slow.some((judge) => judge.isForWholeAnswers === true && withholds(policy, judge));
  return {
    guardrails,
    policy,
    scanner: new TextScanner(watching, exchange),
    createScore: () => new ScoreWatch(watching.flatMap((guardrail) => guardrail.follow?.(exchange) ?? [])),
    hold: isObserved ? "none" : isBlind ? "all" : "pieces",
    isJudged: !isObserved && judges.length > 0,
  };
}

export function streamContext(
  dependencies: CompletionDependencies,
  request: ChatRequest,
  caller: Caller,
  guided: GuidedRequest,
  inputVerdicts: readonly Verdict[],
  call: GuardrailCall,
): StreamContext {
  const { guardrails, policy, model } = dependencies;
  const guidance = guidanceTexts(guided);
  const exchange = { ...exchangeOf(request.messages, null, guidance), expected: expectedAnswer(request) };
  const judges = guardrails.slow.filter((judge) => judge.sides.includes("output") && judge.isForWholeAnswers !== true);
  const watch = watchOf(policy, guardrails, judges, exchange);
  return {
    request,
    caller,
    policy,
    guardrails,
    mode: policy.stream_mode === "observe" ? "observe" : "hold_back",
    call,
    dependencies,
    guidance,
    guidanceVersion: guided.guidance?.version ?? null,
    inputVerdicts,
    inputNotes: annotateInput(policy, inputVerdicts),
    choices: request.n ?? 1,
    watch,
    createWindows: () => (watch.isJudged ? new JudgeWindows(judges, policy, exchange, call) : null),
    repair: (verdicts, released, left) => {
      const again = repairRequest(guided, request, verdicts, released);
      return { ...again, stream: model.stream(again.request, AbortSignal.any([call.signal, left])) };
    },
  };
}
