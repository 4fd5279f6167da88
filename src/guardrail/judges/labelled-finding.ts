// Findings of judges that speak in labels. Law: a label without a category is an error; the message never holds the judged text.
import { CATEGORY_TITLES, type Category } from "../../policy/category.ts";
import { labelledCategory, type LabelVendor } from "../../policy/category-labels.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { Finding, Side } from "../verdict.ts";

/** Llama Guard's ids have no title in themselves. */
function titleOf(category: Category): string {
  const title = Object.entries(CATEGORY_TITLES).find(([id]) => id === category)?.[1];
  return title === undefined ? category : title.toLowerCase();
}

export function judgedFinding(rule: string, side: Side, category: Category): Finding {
  const subject = side === "input" ? "request" : "answer";
  return { rule, category, span: null, message: `A judge finds ${titleOf(category)} in the ${subject}.` };
}

/** One finding a category, in the order of the labels. */
export function labelledFindings(
  vendor: LabelVendor,
  labels: readonly string[],
  side: Side,
): Result<readonly Finding[], string> {
  const findings: Finding[] = [];
  for (const label of new Set(labels)) {
    const category = labelledCategory(vendor, label);
    if (category === null) return err("the judge named a category that it does not have");
    if (!findings.some((finding) => finding.category === category))
      findings.push(judgedFinding(vendor, side, category));
  }
  return ok(findings);
}
