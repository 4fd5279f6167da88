// What an overrule allows: the allowances of its scope. Law: pure; each names what was flagged, so none covers another rule,
// category or side; a place whose words were redacted can't be named by them.
import { conversationTexts, answerTexts } from "../../generation/exchange-of.ts";
import { normalisedPhrase, promptHash } from "../../guardrail/allowance.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { FlaggedExchange } from "../../mistake/flagged-exchange.ts";
import { lastUserText, promptText } from "../../mistake/exchange-text.ts";
import { PLACEHOLDERS } from "../../mistake/redaction-replacement.ts";
import { type Allowance, allowanceSchema } from "../../policy/allowance-schema.ts";
import type { Category } from "../../policy/category.ts";
import type { OverruleScope } from "../../policy/overrule.ts";
import { faultsOf } from "../../policy/policy-faults.ts";
import { invalidRequest, type Problem } from "../../problem.ts";
import type { GuardrailFinding } from "./withheld-findings.ts";

/** Every request of the project looks through them. */
export const MOST_ALLOWANCES = 20;
const MOST_PHRASE_CHARACTERS = 500;

export interface AllowanceTerms {
  readonly id: string;
  readonly scope: OverruleScope;
  readonly keyIds: readonly string[] | null;
  /** seconds since the Unix epoch */
  readonly expiresAt: number;
}

type Fields = Partial<Pick<Allowance, "guardrail" | "rule" | "phrase" | "categories" | "prompt_hash">>;

function refused(message: string): Result<never, Problem> {
  return err(invalidRequest(`scope: ${message}`, "scope"));
}

function distinct(all: readonly Fields[]): readonly Fields[] {
  return [...new Map(all.map((fields) => [JSON.stringify(fields), fields])).values()];
}

async function exchangeFields(
  flagged: FlaggedExchange,
  findings: readonly GuardrailFinding[],
): Promise<Result<readonly Fields[], Problem>> {
  // The hash of nothing would be the hash of every request without a user's words.
  if (normalisedPhrase(lastUserText(flagged.messages)) === "")
    return refused('the exchange has no turn of a user to know it by: use "rule".');
  const prompt_hash = await promptHash(promptText(flagged.messages));
  const byGuardrail = new Map<string, Set<Category>>();
  for (const { guardrail, finding } of findings) {
    byGuardrail.set(guardrail, (byGuardrail.get(guardrail) ?? new Set()).add(finding.category));
  }
  return ok(
    [...byGuardrail].map(([guardrail, categories]) => ({ guardrail, categories: [...categories], prompt_hash })),
  );
}

function phraseFields(
  { messages, answer }: FlaggedExchange,
  findings: readonly GuardrailFinding[],
): Result<readonly Fields[], Problem> {
  const texts = [...(answer === null ? [] : answerTexts(answer)), ...conversationTexts(messages)];
  const phrases = findings.flatMap(({ guardrail, finding: { rule, category, span } }) => {
    const text = span === null ? undefined : texts.find(({ location }) => location === span.location)?.text;
    if (span === null || text === undefined) return [];
    const phrase = normalisedPhrase(text.slice(span.start, span.end));
    return phrase === "" ? [] : [{ guardrail, rule, categories: [category], phrase }];
  });
  if (phrases.length === 0)
    return refused('no finding names a place, so there is no phrase: use "exchange" or "rule".');
  const known = phrases.filter(
    ({ phrase }) =>
      phrase.length <= MOST_PHRASE_CHARACTERS &&
      Object.values(PLACEHOLDERS).every((placeholder) => !phrase.includes(placeholder)),
  );
  if (known.length === 0) {
    return refused('what was flagged was redacted before it was stored, or is too long: use "exchange" or "rule".');
  }
  return ok(known);
}

function fieldsOf(
  scope: OverruleScope,
  flagged: FlaggedExchange,
  findings: readonly GuardrailFinding[],
): Promise<Result<readonly Fields[], Problem>> | Result<readonly Fields[], Problem> {
  if (scope === "exchange") return exchangeFields(flagged, findings);
  if (scope === "phrase") return phraseFields(flagged, findings);
  return ok(
    findings.map(({ guardrail, finding: { rule, category } }) => ({ guardrail, rule, categories: [category] })),
  );
}

/** @param findings what was withheld (`withheldFindings`) */
export async function overruleAllowances(
  flagged: FlaggedExchange,
  findings: readonly GuardrailFinding[],
  { id, scope, keyIds, expiresAt }: AllowanceTerms,
): Promise<Result<readonly Allowance[], Problem>> {
  if (findings.length === 0) return refused("no guardrail flagged anything here, so there is nothing to allow.");
  const fields = await fieldsOf(scope, flagged, findings);
  if (!fields.ok) return fields;
  const all = distinct(fields.value);
  if (all.length > MOST_ALLOWANCES) {
    return refused(`it would take ${all.length} allowances, and ${MOST_ALLOWANCES} is the most: use "exchange".`);
  }
  const allowances: Allowance[] = [];
  for (const each of all) {
    const parsed = allowanceSchema.safeParse({
      id,
      ...each,
      sides: [flagged.side],
      key_ids: keyIds,
      expires_at: expiresAt,
    });
    if (!parsed.success) return refused(faultsOf(parsed.error)[0]?.message ?? "it can't be written as an allowance.");
    allowances.push(parsed.data);
  }
  return ok(allowances);
}
