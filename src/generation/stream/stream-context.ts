// Everything that one streamed answer is guarded with. Law: made once a request; its parts know nothing of HTTP.
import { actionFor, letsPass } from "../../guardrail/decide.ts";
import { EDGE_CLASSIFIER_ID } from "../../guardrail/edge-classifier/classifier-version.ts";
import type { Exchange } from "../../guardrail/exchange.ts";
import type { FastGuardrail } from "../../guardrail/guardrail.ts";
import type { JudgedCall } from "../../guardrail/run-cascade.ts";
import type { GuardrailSet } from "../../guardrail/run-guardrails.ts";
import { type SoundFollower, soundFollower } from "../../guardrail/sound-follower.ts";
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
import { withholdsPieces } from "../sound-logprobs.ts";
import { JudgeWindows } from "./judge-windows.ts";
import { ScoreWatch } from "./score-watch.ts";
import { TextScanner } from "./text-scan.ts";

export interface StreamContext {
  readonly request: ChatRequest;
  readonly caller: Caller;
  readonly policy: Policy;
  readonly guardrails: GuardrailSet;
  readonly mode: Exclude<StreamMode, "buffer">;
  readonly call: JudgedCall;
  readonly dependencies: InputDependencies;
  readonly guidance: readonly string[];
  readonly guidanceVersion: string | null;
  readonly inputVerdicts: readonly Verdict[];
  /** what is said of the prompt, in the first chunk */
  readonly inputNotes: object;
  /** how many choices were asked for */
  readonly choices: number;
  readonly watch: ChoiceWatch;
  /** null where no judge could hold anything */
  readonly createWindows: (draw: number) => JudgeWindows | null;
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

/** The edge classifier, where it can follow an answer: it tells which answers judges are asked about. */
function runningScore({ fast }: GuardrailSet): FastGuardrail | null {
  return (
    fast.find(
      (guardrail) => guardrail.id === EDGE_CLASSIFIER_ID && guardrail.sides.includes("output") && "follow" in guardrail,
    ) ?? null
  );
}

function watchOf(
  policy: Policy,
  guardrails: GuardrailSet,
  score: FastGuardrail | null,
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
  // Which language it is only the whole answer tells.
  const blocksLanguages = policy.on_unsupported_language === "block";
  return {
    guardrails,
    policy,
    scanner: new TextScanner(watching, exchange),
    withholds: isObserved ? () => false : withholdsPieces(watching, policy, exchange),
    createScore: (looked) => {
      const follow = (guardrail: FastGuardrail): SoundFollower | readonly SoundFollower[] =>
        guardrail.follow === undefined ? [] : soundFollower(guardrail, exchange);
      const noted = score === null || watching.includes(score) ? [] : [score].flatMap(follow);
      return new ScoreWatch(watching.flatMap(follow), noted, looked);
    },
    hold: isObserved ? "none" : isBlind || blocksLanguages ? "all" : "pieces",
  };
}

export function streamContext(
  dependencies: CompletionDependencies,
  request: ChatRequest,
  caller: Caller,
  guided: GuidedRequest,
  inputVerdicts: readonly Verdict[],
  call: JudgedCall,
): StreamContext {
  const { guardrails, policy, model, answers = model } = dependencies;
  const guidance = guidanceTexts(guided);
  const exchange = { ...exchangeOf(request.messages, null, guidance), expected: expectedAnswer(request) };
  const judges = guardrails.slow.filter((judge) => judge.sides.includes("output") && judge.isForWholeAnswers !== true);
  const score = judges.length === 0 ? null : runningScore(guardrails);
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
    watch: watchOf(policy, guardrails, score, exchange),
    createWindows: (draw) =>
      policy.stream_mode === "observe" || judges.length === 0
        ? null
        : new JudgeWindows(judges, { policy, fast: guardrails.fast, exchange, call }, draw, score !== null),
    repair: (verdicts, released, left) => {
      const again = repairRequest(guided, request, verdicts, released);
      return { ...again, stream: answers.stream(again.request, AbortSignal.any([call.signal, left])) };
    },
  };
}
