// Puts dead letters back to where they died (`npm run replay`), page by page. Law: a letter goes only once its message is where it
// belongs; everything it does is idempotent by id; what still can't be read stays.
import { usageBatchSchema } from "../access/usage-batch-schema.ts";
import { DEAD_LETTER_PREFIX, letterBody } from "../induction/dead-letter.ts";
import { spillLarge } from "../induction/spill-captured.ts";
import { storeCaptured } from "../induction/store-captured.ts";
import { errorMessage } from "../lib/error-message.ts";
import { analysisRequestSchema } from "../mistake/analysis-queue.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import type { AppServices } from "../middleware/app-services.ts";

type Replaying = Pick<AppServices, "objects" | "storing" | "usage" | "logger">;

export interface ReplayOrder {
  /** the last key that an earlier page has seen */
  readonly after: string | null;
  readonly limit: number;
  /** read and count, change nothing */
  readonly isRehearsal: boolean;
}

export interface Replayed {
  readonly replayed: number;
  /** of no form that is known here: they stay */
  readonly unreadable: number;
  /** could not be put back just now: they stay */
  readonly refused: number;
  /** what the next page comes after; null: there is none */
  readonly next: string | null;
}

type Fate = "replayed" | "unreadable" | "refused";

export async function replayDeadLetters(services: Replaying, order: ReplayOrder): Promise<Replayed> {
  const keys = await services.objects.list(DEAD_LETTER_PREFIX, order.limit, order.after);
  const counts: Record<Fate, number> = { replayed: 0, unreadable: 0, refused: 0 };
  for (const key of keys) counts[await fateOf(services, key, order.isRehearsal)] += 1;
  return { ...counts, next: keys.length < order.limit ? null : (keys.at(-1) ?? null) };
}

async function fateOf(services: Replaying, key: string, isRehearsal: boolean): Promise<Fate> {
  const { objects, logger } = services;
  try {
    const text = await objects.getText(key);
    if (text === null) return "unreadable";
    const putBack = putBackOf(services, letterBody(text));
    if (putBack === null) return "unreadable";
    if (isRehearsal) return "replayed";
    await putBack();
    await objects.delete(key);
    return "replayed";
  } catch (caught) {
    logger.error("dead_letter_not_replayed", { key, reason: errorMessage(caught) });
    return "refused";
  }
}

/** A letter does not say which queue it came to first, but no two queues' messages look alike. null: unreadable. */
function putBackOf({ objects, storing, usage }: Replaying, body: unknown): (() => Promise<void>) | null {
  const captured = capturedSchema.safeParse(body);
  if (captured.success) {
    return async () => {
      await storeCaptured(storing, [await spillLarge(objects, captured.data)]);
    };
  }
  const analysis = analysisRequestSchema.safeParse(body);
  if (analysis.success) {
    return async () => {
      await storing.analyses.enqueue([analysis.data]);
    };
  }
  const counted = usageBatchSchema.safeParse(body);
  if (!counted.success) return null;
  return async () => {
    await usage.add([counted.data]);
  };
}
