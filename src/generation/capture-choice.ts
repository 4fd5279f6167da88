// Captures a flagged choice or a blocked input, where the policy and the request let anything be stored.
import type { EndUserIds } from "../access/end-user-ids.ts";
import { actionFor, letsPass } from "../guardrail/decide.ts";
import { classifierVersion } from "../guardrail/edge-classifier/classifier-version.ts";
import { flaggedFindings } from "../guardrail/flagged-categories.ts";
import type { Finding, Verdict } from "../guardrail/verdict.ts";
import type { AttackDraft, Capture } from "../mistake/capture.ts";
import type { MistakeSource } from "../mistake/mistake.ts";
import { OVER_REFUSAL } from "../policy/category.ts";
import type { Action, Policy, StreamMode } from "../policy/policy.ts";
import type { ChatRequest, CompletionMessage } from "../wire/chat-completion.ts";
import { endUserOf } from "./end-user-of.ts";
import { answerTexts } from "./exchange-of.ts";

/** Whose request it is, for what is captured. */
export interface Caller {
  readonly projectId: string;
  readonly keyId: string;
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

function isStored({ store, consent }: Policy, request: ChatRequest): boolean {
  return store && (consent === "opt_in" ? request.store === true : request.store !== false);
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

/** The mistake's id; null if it is none (nothing was flagged, or there is no answer), or nothing may be stored. */
export async function captureChoice(
  { capture, policy, endUserIds }: Capturing,
  request: ChatRequest,
  caller: Caller,
  choice: FlaggedChoice,
): Promise<string | null> {
  const { answer, verdicts, inputVerdicts, action, releasedCharacters } = choice;
  const mistaken = flaggedFindings(verdicts).filter((finding) => isMistaken(policy, finding, inputVerdicts));
  const isMistake = mistaken.length > 0 && answerTexts(answer).length > 0;
  if (!isMistake || !isStored(policy, request)) return null;
  return await capture.mistake({
    projectId: caller.projectId,
    source: caller.source,
    messages: request.messages,
    answer,
    verdicts: [...inputVerdicts, ...verdicts],
    action,
    releasedCharacters,
    provenance: {
      model: choice.model,
      guidanceVersion: choice.guidanceVersion,
      policyVersion: policy.version,
      classifierVersion: classifierVersion(verdicts),
      keyId: caller.keyId,
      endUser: await endUserOf(endUserIds, caller.projectId, request),
      requestId: caller.requestId,
      completionId: choice.completionId,
      streamMode: choice.streamMode,
    },
  });
}

/** The attack's id; null where nothing may be stored. */
export async function captureAttack(
  { capture, policy, endUserIds }: Capturing,
  request: ChatRequest,
  caller: Caller,
  attack: { readonly verdicts: readonly Verdict[] } & Pick<AttackDraft, "upstreamStarted" | "action">,
): Promise<string | null> {
  if (!isStored(policy, request)) return null;
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
