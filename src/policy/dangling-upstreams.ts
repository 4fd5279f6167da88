// Judges whose server the project does not have. Law: pure; a policy that names one is refused, and one that vanished later makes its
// judge an error, never a pass.
import type { Upstream } from "../model/upstream.ts";
import type { Judge } from "./judge-policy.ts";

export interface DanglingUpstream {
  /** where in the policy it is named */
  readonly path: string;
  readonly name: string;
}

export function danglingUpstreams(
  { judges }: { readonly judges: readonly Pick<Judge, "upstream">[] },
  upstreams: readonly Pick<Upstream, "name" | "purpose">[],
): readonly DanglingUpstream[] {
  const known = new Set(upstreams.filter(({ purpose }) => purpose === "guardrail").map(({ name }) => name));
  return judges.flatMap(({ upstream }, place) =>
    upstream === null || known.has(upstream) ? [] : [{ path: `judges.${place}.upstream`, name: upstream }],
  );
}
