// Makes verdicts, so that no guardrail writes the shape by hand.
import type { Finding, Side, Verdict } from "./verdict.ts";

interface Identity {
  readonly id: string;
  readonly version: string;
}

interface Score {
  readonly score: number;
  /** null: not one number */
  readonly threshold: number | null;
}

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
export function judged(identity: Identity, side: Side, findings: readonly Finding[], score?: Score): Verdict {
  return verdict(identity, side, { status: findings.length > 0 ? "flag" : "pass", findings, ...score });
}

export function skipped(identity: Identity, side: Side, reason: string): Verdict {
  return verdict(identity, side, { status: "skipped", reason });
}

export function failed(identity: Identity, side: Side, reason: string): Verdict {
  return verdict(identity, side, { status: "error", reason });
}
