// Reads a policy: a JSON object whose keys replace another policy's. Law: a bad policy is refused whole, with every fault.
import { err, ok, type Result } from "../lib/result.ts";
import { isRecord } from "../lib/record.ts";
import type { Problem } from "../problem.ts";
import { faultsOf, type PolicyFault, policyProblem } from "./policy-faults.ts";
import { DEFAULT_POLICY, type Policy, policySchema } from "./policy.ts";
import type { PolicyJson } from "./policy-store.ts";

const SETTING = "SETBACK_POLICY";
const ADVICE = "It is a JSON object whose keys replace the default policy's; see «Configuration» in the README.";

/** The base with these keys in the place of its own, under a version of its own. */
export function changedPolicy(
  base: Policy,
  changes: PolicyJson,
  version: string,
): Result<Policy, readonly PolicyFault[]> {
  const parsed = policySchema.safeParse({ ...base, version, ...changes });
  return parsed.success ? ok(parsed.data) : err(faultsOf(parsed.error));
}

/** As it was stored; a key that policies did not have yet then is the default's. */
export function storedPolicy(resolved: PolicyJson): Result<Policy, readonly PolicyFault[]> {
  return changedPolicy(DEFAULT_POLICY, resolved, DEFAULT_POLICY.version);
}

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
    return err({ ...policyProblem([{ path: "", message: "It is no JSON." }], SETTING, ADVICE), cause });
  }
  if (!isRecord(changes)) return err(policyProblem([{ path: "", message: "It is no object." }], SETTING, ADVICE));
  const read = changedPolicy(DEFAULT_POLICY, changes, `custom-${fingerprint.slice(0, 8)}`);
  return read.ok ? read : err(policyProblem(read.error, SETTING, ADVICE));
}
