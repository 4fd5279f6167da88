// Erases everything of one end user: now as far as one invocation gets, the rest by cron. Law: first of all nothing of him is stored
// any more; then place by place, each step written down before the next; its record names nobody.
import type { EndUserIds } from "../../access/end-user-ids.ts";
import type { Clock } from "../../lib/clock.ts";
import { errorMessage } from "../../lib/error-message.ts";
import type { MakeId } from "../../lib/ids.ts";
import type { Logger } from "../../lib/logger.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { DAY_MILLISECONDS } from "../../lib/utc-day.ts";
import type { ErasureStore } from "../../mistake/erasure-store.ts";
import type { ErasedPart, Erasure, ErasurePlace } from "../../mistake/erasure.ts";
import { conflict, type Problem } from "../../problem.ts";

export interface EraseDependencies {
  readonly endUserIds: Pick<EndUserIds, "all">;
  readonly erasures: ErasureStore;
  /** in this order */
  readonly places: readonly ErasurePlace[];
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
}

/** A stream that was under way is captured when it ends. */
const UNDER_WAY_MILLISECONDS = 10 * 60_000;
/** A queue keeps a message for at most 14 days (developers.cloudflare.com/queues/platform/limits). */
export const LATE_MILLISECONDS = 15 * DAY_MILLISECONDS;
/** A step takes seconds at the most; an invocation that was cut off frees its erasure by this. */
const LEASE_MILLISECONDS = 120_000;
const MOST_STEPS = 40;

export async function requestErasure(
  dependencies: EraseDependencies,
  { projectId, keyId, endUserId }: { readonly projectId: string; readonly keyId: string; readonly endUserId: string },
): Promise<Result<Erasure, Problem>> {
  const { endUserIds, erasures, places, clock, makeId } = dependencies;
  const endUsers = await endUserIds.all(projectId, endUserId);
  if (endUsers.length === 0) return err(conflict("No secret is set under which end users could be known."));
  const running = await erasures.findRunning(projectId, endUsers);
  if (running !== null) return ok(await continueErasure(dependencies, running));
  const now = clock();
  const erasure: Erasure = {
    ...{ id: makeId("era"), projectId, keyId, status: "running", place: places[0]?.name ?? "", cursor: null },
    ...{ erased: {}, releaseIds: [], createdAt: now, finishedAt: null },
  };
  const { id } = erasure;
  const entry = { id: makeId("aud"), projectId, keyId, event: "subject_erased" as const, subject: id, details: {} };
  const terms = { endUsers, capturedUntil: now + UNDER_WAY_MILLISECONDS, expiresAt: now + LATE_MILLISECONDS };
  await erasures.begin(erasure, terms, { ...entry, createdAt: now });
  return ok(await continueErasure(dependencies, erasure));
}

/** As far as one invocation gets; as it stands where another one is at it. */
export async function continueErasure(dependencies: EraseDependencies, erasure: Erasure): Promise<Erasure> {
  const { erasures, places, clock, logger } = dependencies;
  const now = clock();
  const leased = await erasures.lease(erasure.id, now, now + LEASE_MILLISECONDS);
  if (leased === null) return (await erasures.getErasure(erasure.projectId, erasure.id)) ?? erasure;
  let current = leased.erasure;
  try {
    for (let step = 0; step < MOST_STEPS && current.status === "running"; step += 1) {
      const place = places.find(({ name }) => name === current.place);
      // A place that went with a newer version of the gateway: everything from the first one on.
      const part: ErasedPart =
        place === undefined
          ? { erased: 0, next: "done" }
          : await place.erase({ ...current, endUsers: leased.endUsers }, current.cursor);
      current = after(places, current, part, clock());
      await erasures.save(current, current.status === "done" ? 0 : clock() + LEASE_MILLISECONDS);
      if (typeof part.next === "object" && "laterFrom" in part.next) break;
    }
  } catch (caught) {
    logger.error("erasure_step_failed", { erasure: current.id, place: current.place, reason: errorMessage(caught) });
  }
  // Free from now on, and behind whoever has waited longer.
  if (current.status === "running") await erasures.save(current, clock());
  return current;
}

function after(places: readonly ErasurePlace[], erasure: Erasure, part: ErasedPart, now: number): Erasure {
  const { place, erased, releaseIds } = erasure;
  const counted = part.erased === 0 ? erased : { ...erased, [place]: (erased[place] ?? 0) + part.erased };
  const found = [...new Set([...releaseIds, ...(part.releaseIds ?? [])])].toSorted();
  const reached = { ...erasure, erased: counted, releaseIds: found };
  if (typeof part.next === "object") {
    return { ...reached, cursor: "cursor" in part.next ? part.next.cursor : part.next.laterFrom };
  }
  const next = places[places.findIndex(({ name }) => name === place) + 1];
  if (next !== undefined) return { ...reached, place: next.name, cursor: null };
  return { ...reached, place: "", cursor: null, status: "done", finishedAt: now };
}

const MOST_RUNNING = 5;
const MOST_PRUNED = 500;

/** What cron does: goes on with what is not finished, forgets whom finished ones covered. How many were moved or forgotten. */
export async function continueErasures(dependencies: EraseDependencies): Promise<number> {
  const { erasures, clock } = dependencies;
  const running = await erasures.listRunning(MOST_RUNNING);
  for (const erasure of running) await continueErasure(dependencies, erasure);
  return running.length + (await erasures.prune(clock(), MOST_PRUNED));
}
