// What becomes of one choice of the model's answer once its verdicts are in.
// Law: a blocked choice keeps nothing of the model's text — not in content, refusal, reasoning, tool calls or log probabilities.
import { actionFor, letsPass } from "../guardrail/decide.ts";
import { isNotAsked } from "../guardrail/escalation.ts";
import { flaggedCategories } from "../guardrail/flagged-categories.ts";
import type { Side, Verdict } from "../guardrail/verdict.ts";
import type { Category } from "../policy/category.ts";
import type { Action, Policy } from "../policy/policy.ts";
import { contentFilterResults } from "../wire/azure-content-filter.ts";
import type { ChatMessage, CompletionChoice } from "../wire/chat-completion.ts";
import { blockedSentence } from "./blocked-sentences.ts";
import { knownChoice } from "./known-fields.ts";

/** Why: rule, place and version of everything that was flagged; no text. */
interface Explanation {
  readonly action: Action;
  /** where the answer is withheld: one sentence for the people at the other end */
  readonly message?: string;
  readonly mistake_id?: string;
  readonly attack_id?: string;
  readonly findings: readonly Readonly<Record<string, unknown>>[];
  /** guardrails that failed under a policy that fails open: the text is unchecked by them */
  readonly failed?: readonly Readonly<Record<string, unknown>>[];
  /** what was not read, and why */
  readonly skipped?: readonly Readonly<Record<string, unknown>>[];
}

export interface ChoiceNotes {
  readonly content_filter_results?: ReturnType<typeof contentFilterResults>;
  readonly setback?: Explanation;
}

export function failures(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.filter(({ status }) => status === "error");
}

/** Guardrails that did not read what they should have: the client is told. A judge that the policy did not want is none. */
export function gaps(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.filter((verdict) => ["error", "skipped"].includes(verdict.status) && !isNotAsked(verdict));
}

/** What was captured of it; null where nothing was. */
type CapturedAs = Pick<Explanation, "mistake_id" | "attack_id"> | null;

export function asMistake(id: string | null): CapturedAs {
  return id === null ? null : { mistake_id: id };
}

export function asAttack(id: string | null): CapturedAs {
  return id === null ? null : { attack_id: id };
}

export function explain(action: Action, verdicts: readonly Verdict[], captured: CapturedAs): Explanation {
  const findings = verdicts.flatMap(({ guardrail, version, side, score, threshold, findings: found }) =>
    found.map(({ rule, category, span, message }) => ({
      guardrail,
      version,
      side,
      rule,
      category,
      span,
      message,
      ...(score === null ? {} : { score, threshold }),
    })),
  );
  const failed = failures(verdicts).map(({ guardrail, version, side, status }) => ({
    guardrail,
    version,
    side,
    status,
  }));
  const skipped = gaps(verdicts)
    .filter(({ status }) => status === "skipped")
    .map(({ guardrail, version, side, reason }) => ({ guardrail, version, side, reason }));
  return {
    action,
    ...captured,
    findings,
    ...(failed.length === 0 ? {} : { failed }),
    ...(skipped.length === 0 ? {} : { skipped }),
  };
}

/** Azure's results of one side. Filtered is what was withheld: the whole text, or what was cut out of it; nothing of one that left. */
export function filterResults(
  policy: Policy,
  side: Side,
  verdicts: readonly Verdict[],
  action: Action = "block",
): ReturnType<typeof contentFilterResults> {
  const withheld = (category: Category): boolean =>
    !letsPass(action) && ["block", "redact"].includes(actionFor(policy, side, category));
  return contentFilterResults(
    flaggedCategories(verdicts).map((category) => ({ category, filtered: withheld(category) })),
  );
}

/** What is said of a choice: nothing where nothing was flagged and no guardrail failed. */
export function choiceNotes(
  verdicts: readonly Verdict[],
  action: Action,
  policy: Policy,
  mistakeId: string | null,
  messages: readonly ChatMessage[],
): ChoiceNotes {
  const told = action === "block" ? { message: blockedSentence("output", messages) } : {};
  if (flaggedCategories(verdicts).length === 0 || action === "allow") {
    const unchecked = gaps(verdicts);
    return unchecked.length === 0 ? {} : { setback: { ...explain(action, unchecked, null), ...told } };
  }
  return {
    content_filter_results: filterResults(policy, "output", verdicts, action),
    setback: { ...explain(action, verdicts, asMistake(mistakeId)), ...told },
  };
}

/** The choice as the client gets it, its message already redacted. One that every guardrail let pass goes through untouched. */
export function guardChoice(
  choice: CompletionChoice,
  verdicts: readonly Verdict[],
  action: Action,
  policy: Policy,
  mistakeId: string | null,
  messages: readonly ChatMessage[],
): CompletionChoice {
  const notes = choiceNotes(verdicts, action, policy, mistakeId, messages);
  if (action === "block") {
    return {
      index: choice.index,
      message: { role: "assistant", content: "" },
      finish_reason: "content_filter",
      logprobs: null,
      ...notes,
    };
  }
  if (action === "redact") {
    // Log probabilities and what some servers put beside them repeat the tokens, so only what we know goes on.
    const known = knownChoice(choice);
    return { ...known, finish_reason: known.finish_reason ?? "stop", logprobs: null, ...notes };
  }
  return { ...choice, ...notes };
}
