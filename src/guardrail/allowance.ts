// Flags that a policy allows: taken out of verdicts, so that they neither withhold nor are recorded. Law: pure; every field of an
// allowance must hold, and what can't be told (a span that nobody named) holds for none.
import { sha256 } from "../lib/hash.ts";
import type { Allowance } from "../policy/allowance-schema.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { Finding, Span, Verdict } from "./verdict.ts";

export interface AllowanceContext {
  /** whose request it is */
  readonly keyId: string;
  /** milliseconds since the Unix epoch */
  readonly now: number;
  /** `promptHash` of all that was sent but the system prompt; null where no allowance asks for one */
  readonly promptHash: string | null;
  /** the same of what would be stored, which is redacted; null or left out where that is no other text */
  readonly storedPromptHash?: string | null;
}

/** Letters of another width or case, and white space of another kind, make no other phrase. */
export function normalisedPhrase(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll(/\s+/gu, " ").trim();
}

export async function promptHash(prompt: string): Promise<string> {
  return await sha256(normalisedPhrase(prompt));
}

/** Those that can hold for this request at all. */
export function liveAllowances(
  allowances: readonly Allowance[],
  { keyId, now, promptHash: hash, storedPromptHash = null }: AllowanceContext,
): readonly Allowance[] {
  return allowances.filter(
    ({ key_ids, expires_at, prompt_hash }) =>
      (key_ids === null || key_ids.includes(keyId)) &&
      (expires_at === null || now < expires_at * 1000) &&
      (prompt_hash === null || prompt_hash === hash || prompt_hash === storedPromptHash),
  );
}

function textOf({ conversation, answer }: Exchange, { location }: Span): ExchangeText | undefined {
  return [...answer, ...conversation].find((text) => text.location === location);
}

function covers(
  allowance: Allowance,
  { guardrail, side }: Pick<Verdict, "guardrail" | "side">,
  { rule, category, span }: Finding,
  exchange: Exchange,
): boolean {
  const { phrase, roles } = allowance;
  // Those that were stored before sides were told have none.
  if (allowance.sides?.includes(side) === false) return false;
  if (allowance.guardrail !== null && allowance.guardrail !== guardrail) return false;
  if (allowance.rule !== null && allowance.rule !== rule) return false;
  if (allowance.categories !== null && !allowance.categories.includes(category)) return false;
  if (phrase === null && roles === null) return true;
  const text = span === null ? undefined : textOf(exchange, span);
  if (span === null || text === undefined) return false;
  if (roles !== null && !roles.includes(text.role)) return false;
  return phrase === null || normalisedPhrase(text.text.slice(span.start, span.end)) === normalisedPhrase(phrase);
}

/** @param allowances live ones (`liveAllowances`) */
export function allowed(verdict: Verdict, exchange: Exchange, allowances: readonly Allowance[]): Verdict {
  if (verdict.status !== "flag" || allowances.length === 0) return verdict;
  const used = new Set<string>();
  const findings = verdict.findings.filter((finding) => {
    const by = allowances.find((allowance) => covers(allowance, verdict, finding, exchange));
    if (by !== undefined) used.add(by.id);
    return by === undefined;
  });
  if (used.size === 0) return verdict;
  const reason = `allowed by ${[...used].join(", ")}`;
  return { ...verdict, status: findings.length > 0 ? "flag" : "pass", reason, findings };
}

/** Verdicts whose covered findings are gone: `pass`, with the reason `allowed by ID`, where none is left. */
export function applyAllowances(
  verdicts: readonly Verdict[],
  exchange: Exchange,
  allowances: readonly Allowance[],
  context: AllowanceContext,
): readonly Verdict[] {
  const live = liveAllowances(allowances, context);
  return verdicts.map((verdict) => allowed(verdict, exchange, live));
}
