// Replays captured things that only the object store would take. Law: an object goes only after the store has its content; one
// that can't be read, or that the store refuses for a day while it takes others, is moved to dead-letters/, never deleted.
import type { Clock } from "../lib/clock.ts";
import { errorMessage } from "../lib/error-message.ts";
import { inHalves } from "../lib/in-halves.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { parseJson } from "../lib/parse-json.ts";
import { DAY_MILLISECONDS } from "../lib/utc-day.ts";
import { capturedHead } from "../mistake/captured-head.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import { untilFull } from "../mistake/database-full.ts";
import type { Captured } from "../mistake/mistake-store.ts";
import { DEAD_LETTER_PREFIX } from "./dead-letter.ts";
import { SPOOL_PREFIX } from "./object-capture-sink.ts";
import { spillLarge } from "./spill-captured.ts";
import { storeCaptured, type StoreCapturedDependencies } from "./store-captured.ts";

/** Six connections at once are all that a Worker has (developers.cloudflare.com/workers/platform/limits), and they share memory. */
const PAGE = 50;
/** A tick; each costs up to five operations on objects, of 10,000 subrequests that one invocation has. */
const MOST_OBJECTS = 1_000;
const MOST_MILLISECONDS = 20_000;

export interface ReplayDependencies extends StoreCapturedDependencies {
  readonly objects: ObjectStore;
  readonly logger: Logger;
  readonly clock: Clock;
}

interface Spooled {
  readonly key: string;
  readonly text: string;
  readonly captured: Captured;
}

/** How many were replayed. What the store refuses keeps none of the others waiting. */
export async function replaySpool(dependencies: ReplayDependencies): Promise<number> {
  const { objects, clock } = dependencies;
  const until = clock() + MOST_MILLISECONDS;
  let replayed = 0;
  let after: string | undefined;
  const store = untilFull(async (part: readonly Spooled[]) => {
    await storeCaptured(
      dependencies,
      part.map(({ captured }) => captured),
    );
  });
  for (let seen = 0; seen < MOST_OBJECTS && clock() <= until; seen += PAGE) {
    const keys = await objects.list(SPOOL_PREFIX, PAGE, after);
    if (keys.length === 0) break;
    replayed += await replayPage(dependencies, keys, store, until);
    after = keys.at(-1);
  }
  return replayed;
}

async function replayPage(
  dependencies: ReplayDependencies,
  keys: readonly string[],
  store: (part: readonly Spooled[]) => Promise<void>,
  until: number,
): Promise<number> {
  const { objects, logger, clock } = dependencies;
  const read = await Promise.all(keys.map(async (key) => await readSpooled(dependencies, key)));
  const spooled = read.filter((each) => each !== null);
  const { done, failed } = await inHalves(spooled, store, { clock, milliseconds: until - clock() });
  await Promise.all(
    done.map(async ({ key }) => {
      await objects.delete(key);
    }),
  );
  for (const { item, reason } of failed) {
    logger.error("spooled_object_refused", { key: item.key, reason });
    const isOld = capturedHead(item.captured).createdAt < clock() - DAY_MILLISECONDS;
    if (done.length > 0 && isOld) await bury(objects, item.key, item.text);
  }
  return done.length;
}

async function bury(objects: ObjectStore, key: string, text: string): Promise<void> {
  await objects.put(`${DEAD_LETTER_PREFIX}${key}`, text, "application/json");
  await objects.delete(key);
}

/** null for what is gone, is no captured thing, or can't be had just now. */
async function readSpooled({ objects, logger }: ReplayDependencies, key: string): Promise<Spooled | null> {
  try {
    const text = await objects.getText(key);
    if (text === null) return null;
    const parsed = capturedSchema.safeParse(parseJson(text));
    // What was large when the object store refused it could be no row.
    if (parsed.success) return { key, text, captured: await spillLarge(objects, parsed.data) };
    logger.error("spooled_object_unreadable", { key });
    await bury(objects, key, text);
  } catch (caught) {
    logger.error("spooled_object_refused", { key, reason: errorMessage(caught) });
  }
  return null;
}
