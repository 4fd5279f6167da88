// Whether a text tells a secret or personal data. Law: stored texts were redacted before they were kept; this is the second look,
// since what a model has learnt nobody can redact.
import { findPii } from "../guardrail/pii/find-pii.ts";
import { findSecrets } from "../guardrail/secrets.ts";
import { DEFAULT_PII_POLICY } from "../policy/pii-policy.ts";

export function tellsPrivate(text: string): boolean {
  if (findPii(text, DEFAULT_PII_POLICY).length > 0) return true;
  return findSecrets(text).next().done !== true;
}
