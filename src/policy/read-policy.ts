// Reads an operator's policy: a JSON object whose keys replace the default's. Law: a bad policy is refused whole.
import { firstIssue } from "../wire/first-issue.ts";
import { invalidRequest, type Problem } from "../problem.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { DEFAULT_POLICY, policySchema, type Policy } from "./policy.ts";

const ADVICE = "It is a JSON object whose keys replace the default policy's; see «Configuration» in the README.";

/**
 * `null` or an empty text is the default policy. A policy that changes anything must not keep the default's version:
 * unless it names one, it gets `custom-` and eight hexadecimal digits of its own text's hash, given as `fingerprint`.
 */
export function readPolicy(text: string | null, fingerprint: string): Result<Policy, Problem> {
  if (text === null || text.trim() === "") return ok(DEFAULT_POLICY);
  let changes: unknown;
  try {
    changes = JSON.parse(text);
  } catch (cause) {
    return err({
      ...invalidRequest(`SETBACK_POLICY is no JSON. ${ADVICE}`, "SETBACK_POLICY", "invalid_policy"),
      cause,
    });
  }
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) {
    return err(invalidRequest(`SETBACK_POLICY is no object. ${ADVICE}`, "SETBACK_POLICY", "invalid_policy"));
  }
  const parsed = policySchema.safeParse({
    ...DEFAULT_POLICY,
    version: `custom-${fingerprint.slice(0, 8)}`,
    ...changes,
  });
  if (parsed.success) return ok(parsed.data);
  const issue = firstIssue(parsed.error);
  return err({ ...issue, code: "invalid_policy", message: `SETBACK_POLICY: ${issue.message} ${ADVICE}` });
}
