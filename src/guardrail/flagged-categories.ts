// What verdicts flagged, each category once.
import type { Finding, Verdict } from "./verdict.ts";
import type { Category } from "../policy/category.ts";

export function flaggedFindings(verdicts: readonly Verdict[]): readonly Finding[] {
  return verdicts.flatMap((verdict) => (verdict.status === "flag" ? verdict.findings : []));
}

export function flaggedCategories(verdicts: readonly Verdict[]): readonly Category[] {
  return [...new Set(flaggedFindings(verdicts).map(({ category }) => category))];
}
