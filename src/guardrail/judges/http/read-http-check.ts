// Reads an operator's own guardrail. Law: what does not hold to the contract is an error whole, also a single span that lies nowhere;
// its words are a rationale, never a message of ours.
import { err, ok, type Result } from "../../../lib/result.ts";
import { type Category, isCategory } from "../../../policy/category.ts";
import { labelledCategory, type LabelVendor } from "../../../policy/category-labels.ts";
import type { ExchangeText } from "../../exchange.ts";
import type { Finding, Side, Span } from "../../verdict.ts";
import type { Judgement } from "../judge-in-pieces.ts";
import { judgedFinding } from "../labelled-finding.ts";
import type { Shown } from "../quoted-turns.ts";
import { httpCheckAnswerSchema, type HttpFinding } from "./http-contract.ts";

/** Whose names of categories the guardrail uses. */
export type HttpLabels = "setback" | LabelVendor;

const UNCLEAR = "the guardrail's answer is not in the form of the contract";

function categoryOf(label: string, labels: HttpLabels): Category | null {
  if (labels === "setback") return isCategory(label) ? label : null;
  return labelledCategory(labels, label);
}

/** undefined: it lies nowhere */
function spanOf(
  { location, start, end }: HttpFinding,
  judged: readonly Shown<ExchangeText>[],
): Span | null | undefined {
  if (location === undefined && start === undefined && end === undefined) return null;
  const text = judged.find((each) => each.location === location);
  if (location === undefined || start === undefined || end === undefined || text === undefined) return undefined;
  if (start >= end || end > text.text.length) return undefined;
  return { location, start: text.start + start, end: text.start + end };
}

export function readHttpCheck(
  answer: unknown,
  {
    side,
    labels,
    judged,
  }: { readonly side: Side; readonly labels: HttpLabels; readonly judged: readonly Shown<ExchangeText>[] },
): Result<Judgement, string> {
  const parsed = httpCheckAnswerSchema.safeParse(answer);
  if (!parsed.success) return err(UNCLEAR);
  const { flagged, findings: said, score } = parsed.data;
  if (flagged !== said.length > 0) return err("the guardrail's answer contradicts itself");
  const findings: Finding[] = [];
  for (const each of said) {
    const category = categoryOf(each.category, labels);
    if (category === null) return err("the judge named a category that it does not have");
    const span = spanOf(each, judged);
    if (span === undefined) return err("the judge named a place that is not there");
    findings.push({ ...judgedFinding("http", side, category), span });
  }
  const rationale = said.length === 0 ? null : said.map(({ message }) => message).join(" ");
  return ok({ findings, rationale, score: score === undefined ? null : { score, threshold: null } });
}
