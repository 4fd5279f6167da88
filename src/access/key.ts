// Keys: who may do what in which project. Law: a key's text exists once, in the reply that made it; stored is its SHA-256.
import type { KeyLimits } from "./key-limits.ts";

export const SCOPES = ["chat", "feedback", "review", "release", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** What may be stored of a key's requests, from the loosest to the strictest; the policy's consent counts beside it. */
export const KEY_CONSENTS = ["opt_out", "opt_in", "never"] as const;
export type KeyConsent = (typeof KEY_CONSENTS)[number];

export const DEFAULT_PROJECT_ID = "prj_default";

/** No key has it: whose policy is asked for by it is the project's. */
export const NO_KEY = "";

export interface Key {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly limits: KeyLimits;
  /** null: as the policy says */
  readonly consent: KeyConsent | null;
  readonly createdAt: number;
}

/** `admin` includes every scope. */
export function allows(key: Pick<Key, "scopes">, scope: Scope): boolean {
  return key.scopes.includes("admin") || key.scopes.includes(scope);
}
