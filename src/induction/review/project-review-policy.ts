// The policy that a project's reviews go by. Law: the project's own; a key with a policy of its own reviews by the same rules.
import { requestPolicy, type RequestPolicyDependencies } from "../../generation/request-policy.ts";
import type { CompiledPolicy } from "../../guardrail/compiled-policy.ts";
import type { Result } from "../../lib/result.ts";
import type { Problem } from "../../problem.ts";

/** No key has it: what the project goes by. */
const NO_KEY = "";

export async function projectPolicy(
  dependencies: RequestPolicyDependencies,
  projectId: string,
): Promise<Result<CompiledPolicy, Problem>> {
  return await requestPolicy(dependencies, { projectId, id: NO_KEY });
}
