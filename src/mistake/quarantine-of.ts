// Who is counted for a mistake, and whether it must wait for a person. Law: pure; nothing is refused — what is beyond a limit is
// stored in quarantine, where no rule, bulk action or waiver confirms it and no release takes it.
import { MINUTES_A_DAY, minuteOf } from "../lib/utc-day.ts";
import type { PoisoningPolicy } from "../policy/poisoning-policy.ts";
import type { Counter } from "./cluster.ts";
import type { Mistake, Quarantine } from "./mistake.ts";

export type Weighed = Pick<Mistake, "projectId" | "source" | "quarantine" | "createdAt"> & {
  readonly provenance: Pick<Mistake["provenance"], "keyId" | "endUser">;
};

export interface Limit {
  readonly counter: Counter;
  /** null: no limit */
  readonly most: number | null;
  readonly reason: Quarantine;
}

/** What an administrator imports, or an induction run of his makes, comes in thousands at once: `trust` says what becomes of it. */
const FROM_STRANGERS = new Set<Weighed["source"]>(["production", "feedback"]);

/** Under which an end user is counted. */
export function userSubject(endUser: string): string {
  return `user:${endUser}`;
}

/** Before anything is counted. */
function heldFor({ quarantine, source }: Weighed, { trust }: PoisoningPolicy): Quarantine | null {
  return quarantine ?? (trust[source] === "quarantine" ? "source" : null);
}

/**
 * What is held for its label or its source is not counted for the cluster that it joins, else anybody's feedback could push
 * others' mistakes above its cap.
 *
 * @param joins the cluster that it joins; null for the first one of a cluster, which makes nothing grow
 */
export function limitsOf(mistake: Weighed, joins: string | null, policy: PoisoningPolicy): readonly Limit[] {
  if (!FROM_STRANGERS.has(mistake.source)) return [];
  const { caps, burst } = policy;
  const { projectId, createdAt } = mistake;
  const { keyId, endUser } = mistake.provenance;
  const limit = (subject: string, lengthMinutes: number, most: number | null, reason: Quarantine): Limit => {
    const startMinute = Math.floor(minuteOf(createdAt) / lengthMinutes) * lengthMinutes;
    return { counter: { projectId, subject, lengthMinutes, startMinute }, most, reason };
  };
  const key = keyId === null ? [] : [`key:${keyId}`];
  const user = endUser === null ? [] : [userSubject(endUser)];
  const cluster = joins === null || heldFor(mistake, policy) !== null ? [] : [`cluster:${joins}`];
  return [
    ...key.map((subject) => limit(subject, MINUTES_A_DAY, caps.key, "cap")),
    ...user.map((subject) => limit(subject, MINUTES_A_DAY, caps.end_user, "cap")),
    ...cluster.map((subject) => limit(subject, MINUTES_A_DAY, caps.cluster, "cap")),
    ...key.map((subject) => limit(subject, burst.minutes, burst.key, "burst")),
    ...cluster.map((subject) => limit(subject, burst.minutes, burst.cluster, "burst")),
  ].filter(({ most }) => most !== null);
}

/** @param countOf how much of it there is, this mistake included */
export function quarantineOf(
  mistake: Weighed,
  limits: readonly Limit[],
  policy: PoisoningPolicy,
  countOf: (counter: Counter) => number,
): Quarantine | null {
  const exceeded = limits.find(({ counter, most }) => most !== null && countOf(counter) > most);
  // A flood first: reviewers must not have to get through it because each of it is held for something else too.
  return exceeded?.reason ?? heldFor(mistake, policy);
}
