// Deletes what policies do not keep any longer. Law: bounded, and safe to repeat — objects go before the rows that name them, so
// that what could not be deleted is found again.
import type { KeyStore } from "../access/key-store.ts";
import type { Clock } from "../lib/clock.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { minuteOf } from "../lib/utc-day.ts";
import type { RetentionStore } from "../mistake/retention-store.ts";
import { eraseStoredTexts } from "../mistake/stored-texts.ts";
import type { PolicyStore } from "../policy/policy-store.ts";

export interface RetentionDependencies {
  readonly retention: RetentionStore;
  readonly policies: Pick<PolicyStore, "retentionPeriods">;
  readonly keys: Pick<KeyStore, "listProjects">;
  readonly objects: Pick<ObjectStore, "delete" | "get" | "replace">;
  /** the gateway's default policy's, for projects without a policy of their own */
  readonly defaultDays: number | null;
  readonly clock: Clock;
}

const EVERY_MINUTES = 10;
/** A run; the next run goes on with the next ones. */
const MOST_PROJECTS = 20;
const BATCH = 200;
/** A run: each may be an object, and a Worker's invocation has 1,000 queries of D1 and 10,000 subrequests. */
const MOST_DELETED = 2_000;
const DAY_MILLISECONDS = 86_400_000;

async function periodsOf({ policies, keys, defaultDays }: RetentionDependencies): Promise<ReadonlyMap<string, number>> {
  const own = await policies.retentionPeriods();
  const periods = new Map<string, number | null>();
  for (const { id } of defaultDays === null ? [] : await keys.listProjects()) periods.set(id, defaultDays);
  for (const { projectId, days } of own) periods.set(projectId, days);
  return new Map([...periods].flatMap(([id, days]): [string, number][] => (days === null ? [] : [[id, days]])));
}

/** Every ten minutes; how many were deleted. */
export async function deleteExpired(dependencies: RetentionDependencies): Promise<number> {
  const { retention, objects, clock } = dependencies;
  const minute = minuteOf(clock());
  if (minute % EVERY_MINUTES !== 0) return 0;
  const periods = [...(await periodsOf(dependencies))];
  if (periods.length === 0) return 0;
  const first = ((minute / EVERY_MINUTES) * MOST_PROJECTS) % periods.length;
  const turn = [...periods.slice(first), ...periods.slice(0, first)].slice(0, MOST_PROJECTS);
  let deleted = 0;
  for (const [projectId, days] of turn) {
    const before = clock() - days * DAY_MILLISECONDS;
    for (let isMore = true; isMore && deleted < MOST_DELETED;) {
      const expired = await retention.listExpired(projectId, before, BATCH);
      isMore = expired.length === BATCH;
      if (expired.length === 0) break;
      await eraseStoredTexts(
        objects,
        expired.flatMap(({ objectKey }) => objectKey ?? []),
      );
      await retention.deleteExpired(projectId, expired);
      deleted += expired.length;
    }
  }
  return deleted;
}
