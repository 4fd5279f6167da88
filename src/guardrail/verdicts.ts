// Makes verdicts, so that no guardrail writes the shape by hand.
import type { Finding, Side, Verdict } from "./verdict.ts";

interface Identity {
  readonly id: string;
  readonly version: string;
}

/** What a guardrail can say beside its findings. */
type Remarks = Partial<Pick<Verdict, "score" | "threshold" | "rationale">>;

function verdict(identity: Identity, side: Side, rest: Partial<Verdict> & Pick<Verdict, "status">): Verdict {
  return {
    guardrail: identity.id,
    version: identity.version,
    side,
    reason: null,
    score: null,
    threshold: null,
    latencyMilliseconds: null,
    rationale: null,
    findings: [],
    ...rest,
  };
}

/** `flag` if there is any finding, else `pass`. */
export function judged(identity: Identity, side: Side, findings: readonly Finding[], remarks: Remarks = {}): Verdict {
  return verdict(identity, side, { ...remarks, status: findings.length > 0 ? "flag" : "pass", findings });
}

export function skipped(identity: Identity, side: Side, reason: string): Verdict {
  return verdict(identity, side, { status: "skipped", reason });
}

export function failed(identity: Identity, side: Side, reason: string): Verdict {
  return verdict(identity, side, { status: "error", reason });
}
