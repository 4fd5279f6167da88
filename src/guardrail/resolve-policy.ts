// A policy that somebody wants to store: the keys given, over the gateway's default policy. Law: refused whole, with every fault —
// unknown keys, wrong values, expressions outside the linear subset, dangling references.
import { err, ok, type Result } from "../lib/result.ts";
import type { PolicyFault } from "../policy/policy-faults.ts";
import type { PolicyJson } from "../policy/policy-store.ts";
import type { Policy } from "../policy/policy.ts";
import { changedPolicy } from "../policy/read-policy.ts";
import type { CompilePolicy } from "./compiled-policy.ts";
import { danglingReferences } from "./policy-references.ts";

/** Stored twice, given and resolved, in one row of D1: 2 MB. */
const MOST_BYTES = 500_000;

export interface ResolveOptions {
  readonly base: Policy;
  /** the id under which it will be stored */
  readonly version: string;
  readonly compile: CompilePolicy;
  /** of the project's keys */
  readonly keyIds: ReadonlySet<string>;
}

export function resolvePolicy(
  given: PolicyJson,
  { base, version, compile, keyIds }: ResolveOptions,
): Result<Policy, readonly PolicyFault[]> {
  if (Object.hasOwn(given, "version")) {
    return err([{ path: "version", message: "is the gateway's to give: leave it out" }]);
  }
  const changed = changedPolicy(base, given, version);
  if (!changed.ok) return changed;
  if (new TextEncoder().encode(JSON.stringify(changed.value)).byteLength > MOST_BYTES) {
    return err([{ path: "", message: `The policy is larger than ${MOST_BYTES} bytes.` }]);
  }
  const compiled = compile(changed.value);
  if (!compiled.ok) return compiled;
  const dangling = danglingReferences(changed.value, compiled.value.guardrails, keyIds);
  return dangling.length > 0 ? err(dangling) : ok(changed.value);
}
