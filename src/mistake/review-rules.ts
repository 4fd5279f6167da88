// What the policy's key `review` says of one mistake. Law: pure; whoever needs two voices is never confirmed by rule.
import type { ReviewPolicy } from "../policy/review-policy.ts";
import { QUARANTINES, type Mistake } from "./mistake.ts";
import type { ConditionalEntry } from "./review-queue.ts";
import type { Review } from "./review.ts";

type QueueRule = ReviewPolicy["enqueue"][number];

/** No list is no condition. */
function names<Value>(list: readonly Value[] | undefined, ...values: readonly Value[]): boolean {
  return list === undefined || values.some((value) => list.includes(value));
}

function holds(rule: QueueRule, mistake: Omit<Mistake, "exchange">): boolean {
  return (
    names(rule.kinds, mistake.kind) &&
    names(rule.categories, ...mistake.categories) &&
    names(rule.sources, mistake.source) &&
    names(rule.actions, mistake.action) &&
    mistake.releasedCharacters >= (rule.released_characters_from ?? 0)
  );
}

/**
 * The rules that may hold, the first that does first: those behind one that holds whatever the mistake's cluster and quarantine are,
 * which only the store knows, are left out. None: it does not enter the queue by itself.
 */
export function queueEntriesOf(
  { enqueue }: ReviewPolicy,
  mistake: Omit<Mistake, "exchange">,
): readonly ConditionalEntry[] {
  const rules = enqueue.filter((rule) => holds(rule, mistake));
  const certain = rules.findIndex(
    ({ quarantined, cluster_size_from: from }) => quarantined === undefined && from === undefined,
  );
  const { id: mistakeId, projectId, createdAt: enqueuedAt } = mistake;
  return rules
    .slice(0, certain < 0 ? rules.length : certain + 1)
    .map(({ priority, reason, quarantined, cluster_size_from: clusterSizeFrom }): ConditionalEntry => ({
      ...{ mistakeId, projectId, priority, reason, enqueuedAt },
      ...{
        quarantines: quarantined === true ? QUARANTINES : (quarantined ?? null),
        clusterSizeFrom: clusterSizeFrom ?? 0,
      },
    }));
}

/** How many voices have to agree on it. */
function requiredVoices({ second }: ReviewPolicy, of: Pick<Mistake, "categories" | "source">): 1 | 2 {
  const isHeavy = names<string>(second.categories, ...of.categories) || names(second.sources, of.source);
  return isHeavy ? 2 : 1;
}

/** As many as its labels or any earlier review of it needed: to relabel must not get round the second voice. */
export function neededVoices(
  policy: ReviewPolicy,
  of: Pick<Mistake, "categories" | "source">,
  earlier: readonly Pick<Review, "required">[],
): number {
  return Math.max(requiredVoices(policy, of), ...earlier.map(({ required }) => required));
}

/** Whether it is confirmed by rule once it is analysed. */
export function isWaived(policy: ReviewPolicy, of: Pick<Mistake, "categories" | "source">): boolean {
  return policy.waive.includes(of.source) && requiredVoices(policy, of) === 1;
}
