// Replays captured things that only the object store would take. Law: an object goes only after the store has its content;
// one that can't be read is moved to dead-letters/, never deleted.
import { errorMessage } from "../lib/error-message.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import { SPOOL_PREFIX } from "./object-capture-sink.ts";
import { storeCaptured, type StoreCapturedDependencies } from "./store-captured.ts";

/** Where what can't be processed is kept; /health counts it. */
export const DEAD_LETTER_PREFIX = "dead-letters/";

const BATCH_SIZE = 50;

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}

type ReplayDependencies = StoreCapturedDependencies & { readonly objects: ObjectStore; readonly logger: Logger };

/** How many were replayed; at most one batch a call. What the store refuses stays, and keeps none of the others waiting. */
export async function replaySpool(dependencies: ReplayDependencies): Promise<number> {
  const { objects, logger } = dependencies;
  let replayed = 0;
  for (const key of await objects.list(SPOOL_PREFIX, BATCH_SIZE)) {
    try {
      if (await replayOne(dependencies, key)) replayed += 1;
    } catch (caught) {
      logger.error("spooled_object_refused", { key, reason: errorMessage(caught) });
    }
  }
  return replayed;
}

async function replayOne(dependencies: ReplayDependencies, key: string): Promise<boolean> {
  const { objects, logger } = dependencies;
  const text = await objects.getText(key);
  if (text === null) return false;
  const parsed = capturedSchema.safeParse(parseJson(text));
  if (parsed.success) await storeCaptured(dependencies, [parsed.data]);
  else {
    logger.error("spooled_object_unreadable", { key });
    await objects.put(`${DEAD_LETTER_PREFIX}${key}`, text, "application/json");
  }
  await objects.delete(key);
  return parsed.success;
}
