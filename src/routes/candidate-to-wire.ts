// Between the domain's candidates and the wire's.
import { GATED, judgeCanary, type TrialCounts } from "../release/canary-gate.ts";
import type { Candidate } from "../release/candidate.ts";
import type { CandidateTrialWire, CandidateWire } from "../wire/candidate.ts";
import { seconds } from "../wire/seconds.ts";

function secondsOrNull(milliseconds: number | null): number | null {
  return milliseconds === null ? null : seconds(milliseconds);
}

export function candidateToWire(candidate: Candidate): CandidateWire {
  const { id, name, upstream, model, releaseId, state, share, reason, gate } = candidate;
  return {
    ...{ id, object: "candidate", name, upstream, model, release_id: releaseId, state, share, reason, gate },
    created_at: seconds(candidate.createdAt),
    started_at: secondsOrNull(candidate.startedAt),
    decided_at: secondsOrNull(candidate.decidedAt),
  };
}

function armToWire({
  request,
  flagged,
  refused,
  error,
}: TrialCounts["candidate"]): CandidateTrialWire["trial"]["candidate"] {
  return { requests: request, flagged, refused, errors: error };
}

export function candidateTrialToWire(candidate: Candidate, counts: TrialCounts, now: number): CandidateTrialWire {
  const { gate, startedAt } = candidate;
  const { decision, reason, differences } = judgeCanary(counts, gate, now - (startedAt ?? now));
  return {
    ...candidateToWire(candidate),
    trial: {
      incumbent: armToWire(counts.incumbent),
      candidate: armToWire(counts.candidate),
      differences: GATED.map((outcome) => ({ outcome, ...differences[outcome], margin: gate.margins[outcome] })),
      ...{ decision, reason },
    },
  };
}
