// Replays captured things that only the object store would take. Law: an object goes only after the store has its content;
// one that can't be read is moved to dead-letters/, never deleted.
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import { SPOOL_PREFIX } from "./object-capture-sink.ts";
import { storeCaptured, type StoreCapturedDependencies } from "./store-captured.ts";

const BATCH_SIZE = 50;

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}

/** How many were replayed; at most one batch a call. */
export async function replaySpool(
  dependencies: StoreCapturedDependencies & { readonly objects: ObjectStore; readonly logger: Logger },
): Promise<number> {
  const { objects, logger } = dependencies;
  let replayed = 0;
  for (const key of await objects.list(SPOOL_PREFIX, BATCH_SIZE)) {
    const text = await objects.getText(key);
    if (text === null) continue;
    const parsed = capturedSchema.safeParse(parseJson(text));
    if (parsed.success) {
      await storeCaptured(dependencies, [parsed.data]);
      replayed += 1;
    } else {
      logger.error("spooled_object_unreadable", { key });
      await objects.put(`dead-letters/${key}`, text, "application/json");
    }
    await objects.delete(key);
  }
  return replayed;
}
