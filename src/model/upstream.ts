// A model's server that a project uses. Law: its address is the operator's choice alone, and its credentials are never a plain text here.
import type { SealedText } from "../lib/text-seal.ts";
import { type UPSTREAM_PURPOSES, UPSTREAM_SECRET_PATTERN } from "../wire/upstream.ts";

export type UpstreamSecretName = `SETBACK_UPSTREAM_KEY_${string}`;

export function isUpstreamSecretName(name: string): name is UpstreamSecretName {
  return UPSTREAM_SECRET_PATTERN.test(name);
}

export type UpstreamCredentials =
  /** in the Worker's secret of this name */
  | { readonly kind: "secret"; readonly name: string }
  /** in the row itself */
  | { readonly kind: "sealed"; readonly text: SealedText };

export interface UpstreamLimits {
  readonly timeoutMilliseconds: number;
  readonly attemptTimeoutMilliseconds: number;
  readonly idleMilliseconds: number;
  readonly attempts: number;
}

/** The client's name for a model → the upstream's. Empty: names are passed as they are. */
export type ModelNames = Readonly<Record<string, string>>;

/** `chat` answers clients; `guardrail` is asked by judges alone, and never answers a chat. */
export type UpstreamPurpose = (typeof UPSTREAM_PURPOSES)[number];

export interface Upstream {
  readonly id: string;
  readonly projectId: string;
  readonly purpose: UpstreamPurpose;
  readonly name: string;
  /** base URL without a slash at its end */
  readonly url: string;
  readonly models: ModelNames;
  readonly credentials: UpstreamCredentials | null;
  /** the lowest is asked first, the others when it fails */
  readonly priority: number;
  readonly limits: UpstreamLimits;
  readonly createdAt: number;
}
