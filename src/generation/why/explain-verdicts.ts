// Why something was flagged, verdict by verdict: where, by how much, and what the policy makes of it. Law: pure; every text in it
// is cut out of what is stored.
import { actionFor } from "../../guardrail/decide.ts";
import { EDGE_CLASSIFIER_ID } from "../../guardrail/edge-classifier/classifier-version.ts";
import { turnInWork } from "../../guardrail/edge-classifier/turn-in-work.ts";
import type { EdgeWeights } from "../../guardrail/edge-classifier/edge-weights.ts";
import { explainScore, type NgramWeight } from "../../guardrail/edge-classifier/explain.ts";
import type { ExchangeText } from "../../guardrail/exchange.ts";
import { flaggedCategories } from "../../guardrail/flagged-categories.ts";
import type { Finding, Side, Verdict } from "../../guardrail/verdict.ts";
import type { FlaggedExchange } from "../../mistake/flagged-exchange.ts";
import type { Category } from "../../policy/category.ts";
import type { Action, Policy } from "../../policy/policy.ts";
import { answerTexts, conversationTexts } from "../exchange-of.ts";
import { type Excerpt, excerptOf } from "./excerpt.ts";

const MOST_NGRAMS = 12;

export interface ExplainedFinding extends Finding {
  /** what the policy does about this category on this side */
  readonly action: Action;
  /** null where no single place can be named */
  readonly excerpt: Excerpt | null;
}

export interface ExplainedVerdict {
  readonly verdict: Verdict;
  readonly findings: readonly ExplainedFinding[];
  /** of the edge classifier; null for all others, and where its weights are gone */
  readonly ngrams: readonly NgramWeight[] | null;
  /** why there are none, where there should be */
  readonly ngramsMissing: string | null;
}

export interface CategoryAction {
  readonly side: Side;
  readonly category: Category;
  readonly action: Action;
}

function ngramsOf(
  verdict: Verdict,
  conversation: readonly ExchangeText[],
  answer: readonly ExchangeText[],
  weights: EdgeWeights,
): Pick<ExplainedVerdict, "ngrams" | "ngramsMissing"> {
  if (verdict.guardrail !== EDGE_CLASSIFIER_ID || verdict.score === null) return { ngrams: null, ngramsMissing: null };
  if (verdict.version !== weights.version) {
    return { ngrams: null, ngramsMissing: `The weights ${verdict.version} are not in use any more.` };
  }
  const texts = answer.map(({ text }) => text);
  const explained = explainScore(weights, verdict.side, turnInWork(conversation), texts);
  return { ngrams: explained.slice(0, MOST_NGRAMS), ngramsMissing: null };
}

/** @param weights the ones in use */
export function explainVerdicts(
  { verdicts, messages, answer }: FlaggedExchange,
  policy: Policy,
  weights: EdgeWeights,
): readonly ExplainedVerdict[] {
  const [conversation, answered] = [conversationTexts(messages), answer === null ? [] : answerTexts(answer)];
  const textAt = (place: string): string | undefined =>
    [...answered, ...conversation].find(({ location }) => location === place)?.text;
  return verdicts.map((verdict) => ({
    verdict,
    findings: verdict.findings.map((finding) => {
      const text = finding.span === null ? undefined : textAt(finding.span.location);
      return {
        ...finding,
        action: actionFor(policy, verdict.side, finding.category),
        excerpt: finding.span === null || text === undefined ? null : excerptOf(text, finding.span),
      };
    }),
    ...ngramsOf(verdict, conversation, answered, weights),
  }));
}

/** Each flagged category once a side. */
export function categoryActions({ verdicts }: FlaggedExchange, policy: Policy): readonly CategoryAction[] {
  return (["input", "output"] as const).flatMap((side) =>
    flaggedCategories(verdicts.filter((verdict) => verdict.side === side)).map((category) => ({
      side,
      category,
      action: actionFor(policy, side, category),
    })),
  );
}
