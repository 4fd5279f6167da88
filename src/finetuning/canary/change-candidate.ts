// What becomes of a candidate: its canary, its promotion, its way back. Law: every change is written in the audit, names the states that
// it starts from, and refuses all others.
import type { AuditEvent } from "../../access/audit.ts";
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { CandidateChange, CandidateStore } from "../../release/candidate-store.ts";
import type { Candidate } from "../../release/candidate.ts";
import { conflict, notFound, type Problem } from "../../problem.ts";

export interface ChangeDependencies {
  readonly candidates: Pick<CandidateStore, "getCandidate" | "changeCandidate">;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

/** Whose change it is: a key's, or, with `NO_KEY`, the gate's own. */
export interface CandidateOrder {
  readonly projectId: string;
  readonly id: string;
  readonly keyId: string;
}

type Step = Pick<CandidateChange, "from" | "to"> & { readonly event: AuditEvent; readonly refusal: string };

/** A canary that runs gets another share; its counts go on. */
export function canaryStep({ state }: Candidate, share: number, now: number): Step {
  return {
    event: "canary_started",
    from: ["registered", "canary"],
    to: { state: "canary", share, ...(state === "canary" ? {} : { startedAt: now }) },
    refusal:
      "It had its canary, or another candidate of the project is in one: register it anew, or end the other first.",
  };
}

export function promotionStep(reason: string, now: number): Step {
  return {
    event: "candidate_promoted",
    from: ["registered", "canary"],
    to: { state: "promoted", share: 1, reason, decidedAt: now },
    refusal: "It was promoted or rolled back already.",
  };
}

export function rollbackStep(reason: string, now: number): Step {
  return {
    event: "candidate_rolled_back",
    from: ["registered", "canary", "promoted"],
    to: { state: "rolled_back", share: 0, reason, decidedAt: now },
    refusal: "It was rolled back already.",
  };
}

export async function changeCandidate(
  { candidates, clock, makeId }: ChangeDependencies,
  { projectId, id, keyId }: CandidateOrder,
  stepOf: (candidate: Candidate, now: number) => Step,
): Promise<Result<Candidate, Problem>> {
  const found = await candidates.getCandidate(projectId, id);
  if (found === null) return err(notFound("candidate", id));
  const now = clock();
  const { event, refusal, ...change } = stepOf(found, now);
  const share = change.to.share ?? found.share;
  const details = { from: found.state, share: String(share), reason: change.to.reason ?? null };
  const entry = { id: makeId("aud"), projectId, keyId, event, subject: id, details, createdAt: now };
  if (!(await candidates.changeCandidate({ projectId, id, ...change }, entry))) return err(conflict(refusal));
  return ok({ ...found, ...change.to });
}
