// The mistake in the other direction: what was withheld wrongly, with what should have been answered. Law: what the client got
// is the mistake's answer, and no word of what was withheld but the correction.
import { classifierVersion } from "../../guardrail/edge-classifier/classifier-version.ts";
import { blockedSentence } from "../../generation/blocked-sentences.ts";
import { redactAnswer } from "../../generation/redact-answer.ts";
import { letsPass } from "../../guardrail/decide.ts";
import { flaggedCategories } from "../../guardrail/flagged-categories.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import { answerText } from "../../mistake/exchange-text.ts";
import type { FlaggedExchange, Found } from "../../mistake/flagged-exchange.ts";
import type { Mistake, Provenance } from "../../mistake/mistake.ts";
import type { Policy } from "../../policy/policy.ts";
import type { CompletionMessage } from "../../wire/chat-completion.ts";

/** A longer one is none: cut off it would teach to stop in the middle, and a row of D1 has its limit. */
export const MOST_CORRECTION_CHARACTERS = 32_000;

export interface Correction {
  /** null where none could be had */
  readonly text: string | null;
  /** the model that gave it, or was named; empty where none was */
  readonly model: string;
}

/** Whether anything was kept from the client: only then was it an over-refusal. */
export function isWithheld({ action }: FlaggedExchange): boolean {
  return !letsPass(action);
}

/** Of a mistake: the model's own answer, which was withheld. */
export function withheldAnswer({ answer }: FlaggedExchange): string | null {
  const text = answer === null ? "" : answerText(answer);
  return text === "" || text.length > MOST_CORRECTION_CHARACTERS ? null : text;
}

/** What the client got in its place. */
function givenAnswer({ action, answer, messages, side, verdicts }: FlaggedExchange, policy: Policy): CompletionMessage {
  if (action === "redact" && answer !== null) {
    return redactAnswer(
      answer,
      verdicts.filter((verdict) => verdict.side === "output"),
      policy,
    );
  }
  return { role: "assistant", content: blockedSentence(side, messages) };
}

/** Places in the withheld answer point nowhere in the one that the client got. */
function withoutAnswerSpans(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.map((verdict) => ({
    ...verdict,
    findings: verdict.findings.map((finding) =>
      finding.span !== null && !finding.span.location.startsWith("messages[") ? { ...finding, span: null } : finding,
    ),
  }));
}

function provenanceOf(found: Found, correction: Correction): Provenance {
  if (found.kind === "mistake") return found.mistake.provenance;
  const { policyVersion, keyId, endUser, requestId, verdicts } = found.attack;
  return {
    // Of an attack no model was asked; the one that was asked for the correction is the one to analyse it.
    model: correction.model,
    guidanceVersion: null,
    policyVersion,
    classifierVersion: classifierVersion(verdicts),
    keyId,
    endUser,
    requestId,
    completionId: "",
    streamMode: null,
  };
}

export function overRefusal(
  found: Found,
  policy: Policy,
  correction: Correction,
  identity: Pick<Mistake, "id" | "projectId" | "createdAt">,
): Mistake {
  const { flagged } = found;
  return {
    ...identity,
    kind: "over_refusal",
    source: "feedback",
    state: "captured",
    categories: flaggedCategories(flagged.verdicts.filter(({ side }) => side === flagged.side)),
    verdicts: withoutAnswerSpans(flagged.verdicts),
    action: flagged.action,
    releasedCharacters: found.kind === "mistake" ? found.mistake.releasedCharacters : 0,
    exchange: { messages: flagged.messages, answer: givenAnswer(flagged, policy) },
    correction: correction.text,
    provenance: provenanceOf(found, correction),
    clusterId: null,
    quarantine: null,
  };
}
