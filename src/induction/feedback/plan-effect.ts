// What feedback is going to change: which mistake, which example, or nothing but a count. Law: what contradicts the guardrails or
// other voices changes nothing, and is held for a person to look at.
import { classifierVersion } from "../../guardrail/edge-classifier/classifier-version.ts";
import { flaggedCategories, flaggedFindings } from "../../guardrail/flagged-categories.ts";
import { letsPass } from "../../guardrail/decide.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import type { Clock } from "../../lib/clock.ts";
import { givenCharacters } from "../../generation/redact-answer.ts";
import type { MistakeDraft } from "../../mistake/capture.ts";
import type { FeedbackStore } from "../../mistake/feedback-store.ts";
import { overRefusalSubject, siblingId, subjectId } from "../../mistake/feedback-subject.ts";
import type { FeedbackLabel, FeedbackOutcome } from "../../mistake/feedback.ts";
import { flaggedMistake } from "../../mistake/flagged-exchange.ts";
import type { Mistake, Provenance } from "../../mistake/mistake.ts";
import { type Category, OVER_REFUSAL } from "../../policy/category.ts";
import type { Policy } from "../../policy/policy.ts";
import { overRefusal } from "../overrule/over-refusal.ts";
import type { CheckExchange } from "./check-correction.ts";
import type { FoundAnswer } from "./find-answer.ts";

/** A mistake that somebody reported without saying of what kind. */
export const REPORTED: Category = "custom:reported";

export interface Plan {
  readonly outcome: FeedbackOutcome;
  readonly mistakeId: string | null;
  readonly exchangeId: string | null;
  /** of a mistake that is to be made; its id and correction are known once the feedback is recorded */
  readonly draft: Omit<MistakeDraft, "reported"> | null;
  readonly categories: readonly Category[];
  /** when the answer was given, as far as that is known */
  readonly createdAt: number;
}

export interface PlannedFeedback {
  readonly projectId: string;
  readonly label: FeedbackLabel;
  readonly category: Category | null;
  readonly policy: Policy;
  /** where the exchange came with the feedback: who sent it */
  readonly sender: Pick<Provenance, "keyId" | "endUser" | "requestId">;
  readonly check: CheckExchange;
}

export interface Planning {
  readonly feedback: Pick<FeedbackStore, "known">;
  readonly clock: Clock;
}

function categoriesOf({ label, category }: PlannedFeedback, verdicts: readonly Verdict[]): readonly Category[] {
  if (label === "over_refusal") return [OVER_REFUSAL];
  const flagged = flaggedCategories(verdicts.filter(({ side }) => side === "output"));
  const categories = [...new Set([...(category === null ? [] : [category]), ...flagged])];
  return categories.length > 0 ? categories : [REPORTED];
}

const settled = (outcome: FeedbackOutcome, mistakeId: string, createdAt: number): Plan => ({
  ...{ outcome, mistakeId, createdAt },
  ...{ exchangeId: null, draft: null, categories: [] },
});

async function onMistake(
  { feedback }: Planning,
  { projectId, label, policy }: PlannedFeedback,
  mistake: Mistake,
  subject: string,
): Promise<Plan> {
  const { id, createdAt } = mistake;
  const isContradiction = label === "good" || (mistake.kind !== "over_refusal" && letsPass(mistake.action));
  if (label === "mistake" || (label === "over_refusal" && mistake.kind === "over_refusal")) {
    return settled("voice_added", id, createdAt);
  }
  if (isContradiction) return settled("held_for_review", id, createdAt);
  // What was withheld from the client is no answer that he could speak for: the mistake is that he got none.
  const own = await overRefusalSubject(subject);
  const known = await feedback.known(projectId, subject, own);
  if (known.mistakeId !== null) return settled("voice_added", known.mistakeId, createdAt);
  const found = { kind: "mistake", mistake, flagged: flaggedMistake(mistake) } as const;
  const identity = { id: siblingId("mis", id, own), projectId, createdAt };
  const {
    exchange,
    kind: _kind,
    state: _state,
    correction: _correction,
    categories: _categories,
    quarantine: _quarantine,
    ...draft
  } = overRefusal(found, policy, { text: null, model: "" }, identity);
  return {
    ...{ outcome: "mistake_made", mistakeId: identity.id, exchangeId: null, createdAt },
    draft: { ...draft, ...exchange },
    categories: [OVER_REFUSAL],
  };
}

/** Of an answer that nobody called a mistake before. */
export async function planEffect(planning: Planning, asked: PlannedFeedback, found: FoundAnswer): Promise<Plan> {
  const { projectId, label, policy, sender, check } = asked;
  const { subject } = found;
  if (found.kind === "mistake") return await onMistake(planning, asked, found.mistake, subject);
  const known = await planning.feedback.known(projectId, subject, subject);
  const now = planning.clock();
  const createdAt = found.kind === "kept" ? found.kept.createdAt : now;
  const exchangeId = found.kind === "kept" ? found.kept.id : known.exchangeId;
  if (known.mistakeId !== null) {
    const outcome = label === "good" ? "held_for_review" : "voice_added";
    return { ...settled(outcome, known.mistakeId, createdAt), exchangeId };
  }
  const { messages, answer } = found.kind === "kept" ? found.kept.exchange : found.given;
  const checked = found.kind === "kept" ? found.kept : await checkedGiven(check, found.given);
  const provenance =
    found.kind === "kept"
      ? found.kept.provenance
      : {
          ...sender,
          model: found.given.model,
          guidanceVersion: null,
          policyVersion: policy.version,
          classifierVersion: classifierVersion(checked.verdicts),
          completionId: "",
          streamMode: null,
        };
  const draft = {
    ...{ projectId, source: "feedback" as const, messages, answer, provenance },
    ...{ verdicts: checked.verdicts, action: checked.action, releasedCharacters: givenCharacters(answer, answer) },
  };
  const isDoubted =
    found.kind === "given" && flaggedFindings(checked.verdicts.filter(({ side }) => side === "output")).length > 0;
  if (label === "good" && !isDoubted) {
    const id = exchangeId ?? subjectId("exc", now, subject);
    return { outcome: "example_kept", mistakeId: null, exchangeId: id, draft, categories: [], createdAt };
  }
  return {
    outcome: label === "good" ? "held_for_review" : "mistake_made",
    mistakeId: found.kind === "kept" ? siblingId("mis", found.kept.id, subject) : subjectId("mis", now, subject),
    ...{ exchangeId, draft, createdAt },
    categories: categoriesOf(asked, checked.verdicts),
  };
}

/** Nobody withheld anything of it: it was somewhere else that it was answered. */
async function checkedGiven(
  check: CheckExchange,
  { messages, answer }: Extract<FoundAnswer, { kind: "given" }>["given"],
): Promise<Pick<MistakeDraft, "verdicts" | "action">> {
  const { verdicts } = await check({ messages, answer });
  return { verdicts, action: flaggedFindings(verdicts).length > 0 ? "annotate" : "allow" };
}
