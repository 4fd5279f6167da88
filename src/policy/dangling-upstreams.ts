// Judges, and the analyst, whose server the project does not have. Law: pure; a policy that names one is refused, and one that vanished later makes its
// judge an error, never a pass.
import type { Upstream } from "../model/upstream.ts";
import type { AnalysisPolicy } from "./analysis-policy.ts";
import type { Judge } from "./judge-policy.ts";

export interface DanglingUpstream {
  /** where in the policy it is named */
  readonly path: string;
  readonly name: string;
}

export function danglingUpstreams(
  {
    judges,
    analysis,
  }: { readonly judges: readonly Pick<Judge, "upstream">[]; readonly analysis: Pick<AnalysisPolicy, "upstream"> },
  upstreams: readonly Pick<Upstream, "name" | "purpose">[],
): readonly DanglingUpstream[] {
  const known = new Set(upstreams.filter(({ purpose }) => purpose === "guardrail").map(({ name }) => name));
  const named = [
    ...judges.map(({ upstream }, place) => ({ path: `judges.${place}.upstream`, name: upstream })),
    { path: "analysis.upstream", name: analysis.upstream },
  ];
  return named.flatMap(({ path, name }) => (name === null || known.has(name) ? [] : [{ path, name }]));
}
