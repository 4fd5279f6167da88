// What the policy's key `review` says of one mistake. Law: pure; whoever needs two voices is never confirmed by rule.
import type { ReviewPolicy } from "../policy/review-policy.ts";
import type { Mistake } from "./mistake.ts";
import type { QueueEntry } from "./review-queue.ts";

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

/** null: it does not enter the queue by itself. */
export function queueEntryOf({ enqueue }: ReviewPolicy, mistake: Omit<Mistake, "exchange">): QueueEntry | null {
  const rule = enqueue.find((each) => holds(each, mistake));
  if (rule === undefined) return null;
  const { id: mistakeId, projectId, createdAt: enqueuedAt } = mistake;
  return { mistakeId, projectId, priority: rule.priority, reason: rule.reason, enqueuedAt };
}

/** How many voices have to agree on it. */
export function requiredVoices({ second }: ReviewPolicy, of: Pick<Mistake, "categories" | "source">): 1 | 2 {
  const isHeavy = names<string>(second.categories, ...of.categories) || names(second.sources, of.source);
  return isHeavy ? 2 : 1;
}

/** Whether it is confirmed by rule once it is analysed. */
export function isWaived(policy: ReviewPolicy, of: Pick<Mistake, "categories" | "source">): boolean {
  return policy.waive.includes(of.source) && requiredVoices(policy, of) === 1;
}
