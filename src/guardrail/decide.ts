// From verdicts to an action: the one place where that is decided. Law: pure; the strictest wins; an error is never a pass.
import type { Action, Policy } from "../policy/policy.ts";
import { judgeOf } from "../policy/judge-policy.ts";
import type { Category } from "../policy/category.ts";
import { EDGE_CLASSIFIER_ID } from "./edge-classifier/classifier-version.ts";
import { standingUnder } from "./escalation.ts";
import type { FastGuardrail } from "./guardrail.ts";
import type { GuardrailSet } from "./run-guardrails.ts";
import { isUnread } from "./unread.ts";
import { isUnsupported } from "./unsupported-language.ts";
import type { Finding, Side, Verdict } from "./verdict.ts";

export type Decision = { readonly action: Action } | { readonly action: "unavailable"; readonly guardrail: string };

const STRICTNESS: Readonly<Record<Action, number>> = { allow: 0, annotate: 1, redact: 2, repair: 3, block: 4 };

/** Whether a text leaves, or goes on to the model, just as it is. */
export function letsPass(action: Decision["action"]): action is "allow" | "annotate" {
  return action === "allow" || action === "annotate";
}

/**
 * What `default` does not reach: an address that stands on every contact page and a refusal are no harm, so a policy that
 * blocks all the rest withholds them only where it names them.
 */
const MILD: Readonly<Partial<Record<Category, Action>>> = { pii: "annotate", over_refusal: "annotate" };

/** The policy's action for one category on one side: its own line, else that of a mild one, else `custom:*`, else `default`. */
export function actionFor(policy: Pick<Policy, "actions">, side: Side, category: Category): Action {
  const actions = policy.actions[side];
  const own = actions[category];
  if (own !== undefined) return own;
  const custom = category.startsWith("custom:") ? actions["custom:*"] : undefined;
  return MILD[category] ?? custom ?? actions["default"] ?? "block";
}

/** Only a place in the answer itself can be cut out of it. */
function canBeCut(side: Side, { span }: Finding): boolean {
  return span !== null && !(side === "output" && span.location.startsWith("messages["));
}

/** Whether a failure of this guardrail is one that nothing may pass: it is, if any category it reports fails closed. */
export function failsClosed({ on_guardrail_error: failures }: Policy, categories: readonly string[]): boolean {
  if (typeof failures === "string") return failures === "closed";
  const known = categories.map((category) => failures[category]).filter((failure) => failure !== undefined);
  // A guardrail without a line of its own, whole or in part, fails as the default does.
  if (known.length < categories.length || categories.length === 0) known.push(failures["default"] ?? "closed");
  return known.some((failure) => failure !== "open");
}

function categoriesOf({ fast, slow }: GuardrailSet, id: string): readonly string[] {
  return [...fast, ...slow].find((guardrail) => guardrail.id === id)?.categories ?? [];
}

/**
 * A judge that only screens is not believed alone: its flag counts where the edge classifier's score is not below the uncertain
 * band (or there is none), or where the classifier or another judge flags the same side.
 */
export function isCounted(
  policy: Policy,
  verdict: Verdict,
  verdicts: readonly Verdict[],
  fast: readonly Pick<FastGuardrail, "uncertainFrom">[],
): boolean {
  const { side, guardrail } = verdict;
  if (judgeOf(policy, guardrail).weight === "decide") return true;
  const standing = standingUnder(policy, fast, verdicts, side);
  if (standing !== "certain" && standing !== "no_band") return true;
  const others = [EDGE_CLASSIFIER_ID, ...policy.judges.map(({ id }) => id)].filter((id) => id !== guardrail);
  return verdicts.some((other) => other.side === side && other.status === "flag" && others.includes(other.guardrail));
}

/**
 * Whether what a judge could not read to its end is withheld: as its policy says, or else where a failure of it would be. It is a block,
 * since the same text is as long at the next attempt.
 */
export function isWithheldUnread(policy: Policy, verdict: Verdict, guardrails: GuardrailSet): boolean {
  if (!isUnread(verdict)) return false;
  const { on_unread: choice } = judgeOf(policy, verdict.guardrail);
  if (choice !== "error") return choice === "block";
  return failsClosed(policy, categoriesOf(guardrails, verdict.guardrail));
}

function strictest(first: Action, second: Action): Action {
  return STRICTNESS[second] > STRICTNESS[first] ? second : first;
}

function mildest(first: Action, second: Action): Action {
  return STRICTNESS[second] < STRICTNESS[first] ? second : first;
}

/**
 * | verdicts                            | decision                                             |
 * |-------------------------------------|------------------------------------------------------|
 * | an error, fail closed               | `unavailable`, unless a flag already blocks          |
 * | flags                               | the strictest action of their categories             |
 * | a screen's flag that does not count | `annotate` at most                                   |
 * | `redact` where nothing can be cut   | `block`: what can't be cut out can't be let through  |
 * | skipped for its language            | `block`, if the policy says so                       |
 * | a judge that read only a part       | `block`, if its `on_unread` or fail closed says so   |
 * | else                                | `allow`                                              |
 *
 * @param beside what else is known of the text: it says whether a screen's flag counts, and is not decided on itself
 */
export function decide(
  policy: Policy,
  verdicts: readonly Verdict[],
  guardrails: GuardrailSet,
  beside: readonly Verdict[] = [],
): Decision {
  const known = [...verdicts, ...beside];
  let action: Action = "allow";
  let failed: string | null = null;
  for (const verdict of verdicts) {
    if (verdict.status === "error" && failsClosed(policy, categoriesOf(guardrails, verdict.guardrail))) {
      failed ??= verdict.guardrail;
    }
    if (policy.on_unsupported_language === "block" && isUnsupported(verdict)) action = "block";
    if (isWithheldUnread(policy, verdict, guardrails)) action = "block";
    if (verdict.status !== "flag") continue;
    const most = isCounted(policy, verdict, known, guardrails.fast) ? "block" : "annotate";
    for (const finding of verdict.findings) {
      const wanted = actionFor(policy, verdict.side, finding.category);
      const possible = wanted === "redact" && !canBeCut(verdict.side, finding) ? "block" : wanted;
      action = strictest(action, mildest(possible, most));
    }
  }
  return failed !== null && action !== "block" ? { action: "unavailable", guardrail: failed } : { action };
}
