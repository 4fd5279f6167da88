// Moves the texts of released mistakes out of the database into segments of many texts each. Law: bounded, and safe to repeat or to
// die at any point — a text leaves its row only once it lies in a segment, and what was written for nothing is deleted.
import type { Clock } from "../lib/clock.ts";
import type { MakeId } from "../lib/ids.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { DAY_MILLISECONDS, minuteOf } from "../lib/utc-day.ts";
import type { Archivable, ArchivableRelease, ArchiveStore } from "../mistake/archive-store.ts";
import { utf8Bytes } from "../mistake/spill-limits.ts";
import { CROWDED_SHARE, type StorageGauge } from "../mistake/storage-gauge.ts";
import { eraseStoredTexts, segmentOf, segmentPointer } from "../mistake/stored-texts.ts";

export interface ArchiveDependencies {
  readonly archive: ArchiveStore;
  readonly objects: Pick<ObjectStore, "put" | "get" | "replace" | "delete">;
  /** so long after its release became ready a text stays in the database */
  readonly afterDays: number;
  /** once it is crowded, texts leave as soon as they can, at every tick */
  readonly gauge: StorageGauge;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

const EVERY_MINUTES = 10;
/** A run: each is two queries and a put, and what D1 does in one go it does for nobody else. */
const MOST_SEGMENTS = 10;
const MOST_TEXTS = 200;
/** Of a segment: its texts travel to D1 once more, to be compared, in a parameter of at most 1 MB. */
const MOST_BYTES = 600_000;
/** Longer than any run can last: cron has 15 minutes (developers.cloudflare.com/workers/platform/limits). */
const STALE_MILLISECONDS = 30 * 60_000;

/** As many of the first as a segment may hold, and one in any case. */
function bounded(texts: readonly Archivable[]): readonly Archivable[] {
  let bytes = 0;
  const fitting = texts.findIndex(({ text }) => (bytes += utf8Bytes(text)) > MOST_BYTES);
  return fitting < 0 ? texts : texts.slice(0, Math.max(1, fitting));
}

/** How many texts were moved. */
export async function archiveReleased(dependencies: ArchiveDependencies): Promise<number> {
  const { archive, objects, afterDays, gauge, clock } = dependencies;
  const isCrowded = (await gauge.fullShare()) >= CROWDED_SHARE;
  if (!isCrowded && minuteOf(clock()) % EVERY_MINUTES !== 0) return 0;
  for (const segment of await archive.abandon(clock() - STALE_MILLISECONDS, MOST_SEGMENTS)) {
    await objects.delete(segment.key);
    await archive.forget(segment);
  }
  const readyBefore = isCrowded ? clock() : clock() - afterDays * DAY_MILLISECONDS;
  let moved = 0;
  for (let segments = 0; segments < MOST_SEGMENTS; segments += 1) {
    const release = await archive.nextArchivable(readyBefore);
    if (release === null) break;
    const texts = bounded(await archive.listArchivable(release, MOST_TEXTS));
    if (texts.length === 0) await archive.markArchived(release, clock());
    else moved += await writeSegment(dependencies, release, texts);
  }
  return moved;
}

async function writeSegment(
  { archive, objects, clock, makeId }: ArchiveDependencies,
  { projectId }: ArchivableRelease,
  texts: readonly Archivable[],
): Promise<number> {
  const announced = { projectId, key: `projects/${projectId}/archive/${makeId("seg")}.jsonl` };
  await archive.announce(announced, clock());
  const segment = segmentOf(
    announced.key,
    texts.map(({ text }) => text),
  );
  await objects.put(announced.key, segment.bytes, segment.contentType);
  const pointers = segment.places.map(segmentPointer);
  const moving = texts.map((text, place) => ({ ...text, pointer: pointers[place] ?? "" }));
  const moved = new Set(await archive.moveTexts(announced, moving));
  // Deleted, erased or changed meanwhile: what lies here is nobody's any more.
  const left = moving.filter(({ id }) => !moved.has(id));
  await eraseStoredTexts(
    objects,
    left.map(({ pointer }) => pointer),
  );
  return moved.size;
}
