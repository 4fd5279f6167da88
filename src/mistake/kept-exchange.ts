// An exchange whose answer passed, kept because the policy has a feedback window and the request's consent allows it.
// Law: redacted like a mistake; it has an end, unless somebody called it good and the policy deletes nothing.
import type { Verdict } from "../guardrail/verdict.ts";
import type { Action } from "../policy/policy.ts";
import type { Provenance, StoredExchange } from "./mistake.ts";

/** `window`: waits for feedback. `good`: called good by somebody and a mistake by nobody: a good example. */
export const KEPT_STATES = ["window", "good"] as const;
export type KeptState = (typeof KEPT_STATES)[number];

export interface KeptExchange {
  readonly id: string;
  readonly projectId: string;
  /** which of the completion's choices */
  readonly choice: number;
  readonly state: KeptState;
  readonly verdicts: readonly Verdict[];
  readonly action: Action;
  readonly exchange: StoredExchange;
  readonly provenance: Provenance;
  readonly createdAt: number;
  /** null: never */
  readonly expiresAt: number | null;
}
