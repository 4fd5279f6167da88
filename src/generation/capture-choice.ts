// Captures a flagged choice or a blocked input, where the policy and the request let anything be stored.
import type { EndUserIds } from "../access/end-user-ids.ts";
import type { KeyConsent } from "../access/key.ts";
import { actionFor, letsPass } from "../guardrail/decide.ts";
import { classifierVersion } from "../guardrail/edge-classifier/classifier-version.ts";
import { flaggedFindings } from "../guardrail/flagged-categories.ts";
import type { Finding, Verdict } from "../guardrail/verdict.ts";
import type { Clock } from "../lib/clock.ts";
import { HOUR_MILLISECONDS } from "../lib/utc-day.ts";
import type { AttackDraft, Capture, MistakeDraft } from "../mistake/capture.ts";
import type { MistakeSource } from "../mistake/mistake.ts";
import { OVER_REFUSAL } from "../policy/category.ts";
import { mayStore } from "../policy/consent.ts";
import type { Action, Policy, StreamMode } from "../policy/policy.ts";
import type { ChatRequest, CompletionMessage } from "../wire/chat-completion.ts";
import { endUserOf } from "./end-user-of.ts";
import { answerTexts } from "./exchange-of.ts";

/** Whose request it is, for what is captured. */
export interface Caller {
  readonly projectId: string;
  readonly keyId: string;
  /** the key's own */
  readonly consent: KeyConsent | null;
  readonly requestId: string;
  readonly source: MistakeSource;
}

export interface Capturing {
  readonly capture: Capture;
  readonly policy: Policy;
  readonly endUserIds: Pick<EndUserIds, "of">;
}

export interface FlaggedChoice {
  /** as the model gave it */
  readonly answer: CompletionMessage;
  readonly inputVerdicts: readonly Verdict[];
  readonly verdicts: readonly Verdict[];
  readonly action: Action;
  readonly releasedCharacters: number;
  readonly model: string;
  readonly completionId: string;
  readonly guidanceVersion: string | null;
  readonly streamMode: StreamMode | null;
}

/**
 * Personal data that the policy lets pass is no mistake: it stands on every contact page. Nor is a refusal of what a judge or
 * anyone else flagged.
 */
function isMistaken(policy: Policy, { category }: Finding, inputVerdicts: readonly Verdict[]): boolean {
  if (category === "pii") return !letsPass(actionFor(policy, "output", "pii"));
  if (category === OVER_REFUSAL) return flaggedFindings(inputVerdicts).every((finding) => finding.category === "pii");
  return true;
}

type Answered = Omit<FlaggedChoice, "releasedCharacters">;

/** What a mistake and a kept exchange have in common. */
async function draftOf(
  { policy, endUserIds }: Pick<Capturing, "policy" | "endUserIds">,
  request: ChatRequest,
  caller: Caller,
  { answer, inputVerdicts, verdicts, action, model, completionId, guidanceVersion, streamMode }: Answered,
): Promise<Pick<MistakeDraft, "projectId" | "messages" | "answer" | "verdicts" | "action" | "provenance">> {
  return {
    projectId: caller.projectId,
    messages: request.messages,
    answer,
    verdicts: [...inputVerdicts, ...verdicts],
    action,
    provenance: {
      model,
      guidanceVersion,
      policyVersion: policy.version,
      classifierVersion: classifierVersion(verdicts),
      keyId: caller.keyId,
      endUser: await endUserOf(endUserIds, caller.projectId, request),
      requestId: caller.requestId,
      completionId,
      streamMode,
    },
  };
}

/** The mistake's id; null if it is none (nothing was flagged, or there is no answer), or nothing may be stored. */
export async function captureChoice(
  { capture, policy, endUserIds }: Capturing,
  request: ChatRequest,
  caller: Caller,
  choice: FlaggedChoice,
): Promise<string | null> {
  const { answer, verdicts, inputVerdicts } = choice;
  const mistaken = flaggedFindings(verdicts).filter((finding) => isMistaken(policy, finding, inputVerdicts));
  const isMistake = mistaken.length > 0 && answerTexts(answer).length > 0;
  if (!isMistake || !mayStore(policy, caller.consent, request.store)) return null;
  return await capture.mistake({
    ...(await draftOf({ policy, endUserIds }, request, caller, choice)),
    source: caller.source,
    releasedCharacters: choice.releasedCharacters,
  });
}

/** What passed, for as long as the policy waits for feedback on it. Where it can't be kept, nobody's answer is any the worse. */
export async function keepPassed(
  { capture, policy, endUserIds, clock }: Capturing & { readonly clock: Clock },
  request: ChatRequest,
  caller: Caller,
  passed: Answered & { readonly choice: number },
): Promise<void> {
  const hours = policy.feedback.window_hours;
  const isKept =
    hours > 0 &&
    passed.completionId !== "" &&
    answerTexts(passed.answer).length > 0 &&
    mayStore(policy, caller.consent, request.store);
  if (!isKept) return;
  await capture.exchange({
    ...(await draftOf({ policy, endUserIds }, request, caller, passed)),
    choice: passed.choice,
    state: "window",
    expiresAt: clock() + hours * HOUR_MILLISECONDS,
  });
}

/** The attack's id; null where nothing may be stored. */
export async function captureAttack(
  { capture, policy, endUserIds }: Capturing,
  request: ChatRequest,
  caller: Caller,
  attack: { readonly verdicts: readonly Verdict[] } & Pick<AttackDraft, "upstreamStarted" | "action">,
): Promise<string | null> {
  if (!mayStore(policy, caller.consent, request.store)) return null;
  return await capture.attack({
    projectId: caller.projectId,
    messages: request.messages,
    verdicts: attack.verdicts.filter(({ status }) => status === "flag"),
    policyVersion: policy.version,
    keyId: caller.keyId,
    endUser: await endUserOf(endUserIds, caller.projectId, request),
    requestId: caller.requestId,
    upstreamStarted: attack.upstreamStarted,
    action: attack.action,
  });
}
