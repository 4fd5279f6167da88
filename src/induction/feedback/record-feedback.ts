// POST /v1/feedback, the use case: one voice says of one answer what it is, and what comes of that.
// Law: redacted before it is kept; recorded before it has an effect, so that whatever fails after it is made good by sending it again.
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { DAY_MILLISECONDS, HOUR_MILLISECONDS } from "../../lib/utc-day.ts";
import type { Capture } from "../../mistake/capture.ts";
import type { FeedbackStore } from "../../mistake/feedback-store.ts";
import type { Feedback } from "../../mistake/feedback.ts";
import type { KeptExchangeStore } from "../../mistake/kept-exchange-store.ts";
import { contradictsGuardrails } from "../../mistake/contradicts-guardrails.ts";
import { mistakeKind } from "../../mistake/mistake-kind.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import { redactedText } from "../../mistake/redaction.ts";
import { invalidRequest, type Problem } from "../../problem.ts";
import { checkCorrection } from "./check-correction.ts";
import { type About, findAnswer, type FindingAnswers, type FoundAnswer } from "./find-answer.ts";
import { type Plan, planEffect, type PlannedFeedback } from "./plan-effect.ts";

export interface FeedbackDependencies extends FindingAnswers {
  readonly feedback: FeedbackStore;
  readonly keptExchanges: Pick<KeptExchangeStore, "findKept" | "mark">;
  readonly mistakes: FindingAnswers["mistakes"] & Pick<MistakeStore, "hold">;
  readonly capture: Capture;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

/** Who speaks: an end user under every retained secret, or the key. */
export interface Voice {
  /** null where the key itself speaks */
  readonly endUser: string | null;
  /** newest first */
  readonly all: readonly string[];
}

export interface FeedbackOrder extends PlannedFeedback {
  readonly keyId: string;
  readonly requestId: string;
  readonly voice: Voice;
  readonly about: About;
  readonly comment: string | null;
  readonly correction: string | null;
  readonly idempotency: { readonly hash: string; readonly bodyHash: string } | null;
}

export interface Recorded {
  readonly feedback: Feedback;
  /** false: it was said before, by the same voice or under the same idempotency key */
  readonly isNew: boolean;
}

/** Once its mistake is made, an exchange need not wait for more: others find the mistake. Until the queue has brought it, they don't. */
const USED_MILLISECONDS = HOUR_MILLISECONDS;

const notCaptured: Problem = {
  status: 503,
  type: "server_error",
  code: "not_captured",
  message: "The feedback is recorded, but the mistake could not be kept. Send the same again in a moment.",
  param: null,
};

/** draft-ietf-httpapi-idempotency-key-header, section 2.7. */
const keyUsedTwice: Problem = {
  ...invalidRequest("This Idempotency-Key came with another body before.", "Idempotency-Key", "idempotency_key_reused"),
  status: 422,
};

function redacted(text: string | null): string | null {
  return text === null ? null : redactedText(text);
}

async function repeated(
  { feedback }: FeedbackDependencies,
  { projectId, idempotency }: FeedbackOrder,
): Promise<Result<Recorded, Problem> | null> {
  if (idempotency === null) return null;
  const earlier = await feedback.byIdempotencyHash(projectId, idempotency.hash);
  if (earlier === null) return null;
  if (earlier.bodyHash !== idempotency.bodyHash) return err(keyUsedTwice);
  return earlier.outcome === null ? null : ok({ feedback: earlier, isNew: false });
}

/** Makes the mistake or the example; whether it is kept. */
async function takeEffect(
  { capture, keptExchanges, mistakes, clock }: FeedbackDependencies,
  { projectId, policy, label, category }: FeedbackOrder,
  found: FoundAnswer,
  plan: Plan,
  entry: Feedback,
): Promise<boolean> {
  const { outcome, draft, categories, createdAt } = plan;
  const now = clock();
  if (outcome === "example_kept") {
    const days = policy.retention_days;
    const expiresAt = days === null ? null : now + days * DAY_MILLISECONDS;
    if (found.kind === "kept") {
      await keptExchanges.mark(projectId, found.kept.id, "good", expiresAt);
      return true;
    }
    if (draft === null || entry.exchangeId === null) return true;
    const { source: _source, releasedCharacters: _released, ...passed } = draft;
    const example = { ...passed, id: entry.exchangeId, choice: 0, state: "good" as const, expiresAt };
    return (await capture.exchange(example)) !== null;
  }
  if (draft !== null && entry.mistakeId !== null) {
    const correction = entry.correction?.isClean === true ? entry.correction.text : null;
    const reported = { id: entry.mistakeId, categories, kind: mistakeKind(categories), correction, createdAt };
    const held = contradictsGuardrails(draft.verdicts, label, category) ? { quarantine: "contradiction" as const } : {};
    if ((await capture.mistake({ ...draft, ...held, reported })) === null) return false;
  } else if (outcome === "held_for_review" && plan.mistakeId !== null) {
    await mistakes.hold(projectId, plan.mistakeId, "contradiction");
  }
  // No good example any more, if it was one.
  if (plan.exchangeId !== null && outcome !== "held_for_review") {
    const used = now + USED_MILLISECONDS;
    const until = found.kind === "kept" ? Math.min(found.kept.expiresAt ?? used, used) : used;
    await keptExchanges.mark(projectId, plan.exchangeId, "window", until);
  }
  return true;
}

export async function recordFeedback(
  dependencies: FeedbackDependencies,
  order: FeedbackOrder,
): Promise<Result<Recorded, Problem>> {
  const { feedback, clock, makeId } = dependencies;
  const { projectId, label, keyId, requestId, policy, voice, about, idempotency } = order;
  const before = await repeated(dependencies, order);
  if (before !== null) return before;
  const found = await findAnswer(dependencies, projectId, about, policy);
  if (!found.ok) return found;
  const { subject } = found.value;
  const said = {
    category: order.category,
    comment: redacted(order.comment),
    correction: order.correction === null ? null : await correctionOf(order, found.value, order.correction),
  };
  const standing = await feedback.standing(projectId, subject, voice.all);
  if (standing?.label === label) {
    const now = {
      category: said.category ?? standing.category,
      comment: said.comment ?? standing.comment,
      correction: said.correction ?? standing.correction,
    };
    await feedback.revise(projectId, standing.id, now);
    const revised = { ...standing, ...now };
    if (standing.outcome !== null) return ok({ feedback: revised, isNew: false });
  }
  const plan = await planEffect(dependencies, order, found.value);
  const entry =
    standing?.label === label
      ? {
          ...standing,
          mistakeId: standing.mistakeId ?? plan.mistakeId,
          exchangeId: standing.exchangeId ?? plan.exchangeId,
        }
      : await feedback.record(
          {
            ...{
              id: makeId("fbk"),
              projectId,
              voice: voice.all[0] ?? `key:${keyId}`,
              subject,
              label,
              outcome: null,
              ...said,
            },
            ...{ mistakeId: plan.mistakeId, exchangeId: plan.exchangeId, completionId: completionIdOf(found.value) },
            ...{ keyId, requestId, createdAt: clock(), replacedBy: null },
            ...{ idempotencyHash: idempotency?.hash ?? null, bodyHash: idempotency?.bodyHash ?? null },
          },
          standing?.id ?? null,
        );
  if (entry.outcome !== null) return ok({ feedback: entry, isNew: false });
  if (!(await takeEffect(dependencies, order, found.value, plan, entry))) return err(notCaptured);
  await feedback.settle(projectId, entry.id, plan.outcome, entry.mistakeId);
  return ok({ feedback: { ...entry, outcome: plan.outcome }, isNew: true });
}

async function correctionOf(
  { check }: FeedbackOrder,
  found: FoundAnswer,
  text: string,
): Promise<Feedback["correction"]> {
  if (found.kind === "mistake") return await checkCorrection(check, found.mistake.exchange.messages, text);
  const { messages } = found.kind === "kept" ? found.kept.exchange : found.given;
  return await checkCorrection(check, messages, text);
}

function completionIdOf(found: FoundAnswer): string | null {
  if (found.kind === "given") return null;
  const { completionId } = found.kind === "kept" ? found.kept.provenance : found.mistake.provenance;
  return completionId === "" ? null : completionId;
}
