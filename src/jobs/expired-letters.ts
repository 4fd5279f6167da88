// Deletes dead letters, and what the spool could never give back, once their time is over. Law: what was captured goes when its policy
// would have deleted its row, and never sooner; everything else after 30 days, of which /health warns all the while.
import { DEAD_LETTER_PREFIX, type DeadLetter, letterBody, letterTime } from "../induction/dead-letter.ts";
import { SPOOL_PREFIX } from "../induction/object-capture-sink.ts";
import type { Clock } from "../lib/clock.ts";
import { errorMessage } from "../lib/error-message.ts";
import { idFloor } from "../lib/ids.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { DAY_MILLISECONDS, minuteOf } from "../lib/utc-day.ts";
import { capturedHead, capturedText } from "../mistake/captured-head.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import type { KeptExchangeStore } from "../mistake/kept-exchange-store.ts";
import type { Captured, MistakeStore } from "../mistake/mistake-store.ts";
import { retentionTerms, type RetentionTerms, type RetentionTermsDependencies } from "./retention-terms.ts";

export interface ExpiredLettersDependencies extends RetentionTermsDependencies {
  readonly objects: Pick<ObjectStore, "list" | "getText" | "put" | "delete">;
  readonly mistakes: Pick<MistakeStore, "get" | "getAttack">;
  readonly keptExchanges: Pick<KeptExchangeStore, "getKept">;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EVERY_MINUTES = 10;
/** The longest list that R2 gives at once (developers.cloudflare.com/r2/api/workers/workers-api-reference). */
const PAGE = 1_000;
const MOST_PAGES = 10;
/** A run: each is read, since only its text says whose it is and how old. */
const MOST_READ = 100;
const LETTER_DAYS = 30;

/** Every ten minutes, some in turn; how many were deleted. */
export async function deleteExpiredLetters(dependencies: ExpiredLettersDependencies): Promise<number> {
  const { objects, clock, logger } = dependencies;
  const minute = minuteOf(clock());
  if (minute % EVERY_MINUTES !== 0) return 0;
  const keys = [...(await keysOf(objects, DEAD_LETTER_PREFIX)), ...(await keysOf(objects, SPOOL_PREFIX))];
  if (keys.length === 0) return 0;
  const terms = await retentionTerms(dependencies);
  const first = ((minute / EVERY_MINUTES) * MOST_READ) % keys.length;
  let deleted = 0;
  for (const key of [...keys.slice(first), ...keys.slice(0, first)].slice(0, MOST_READ)) {
    try {
      if (await isDeleted(dependencies, key, terms)) deleted += 1;
    } catch (caught) {
      logger.error("letter_not_deleted", { key, reason: errorMessage(caught) });
    }
  }
  return deleted;
}

async function keysOf(objects: Pick<ObjectStore, "list">, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const some = await objects.list(prefix, PAGE, keys.at(-1) ?? null);
    keys.push(...some);
    if (some.length < PAGE) break;
  }
  return keys;
}

async function isDeleted(
  dependencies: ExpiredLettersDependencies,
  key: string,
  terms: RetentionTerms,
): Promise<boolean> {
  const { objects, clock } = dependencies;
  const text = await objects.getText(key);
  if (text === null) return false;
  const body = letterBody(text);
  const captured = capturedSchema.safeParse(body);
  if (captured.success) {
    if (!isOver(captured.data, terms, clock())) return false;
    await deletePointed(dependencies, captured.data);
  } else if (key.startsWith(SPOOL_PREFIX)) {
    // The replay makes a letter of it.
    return false;
  } else {
    const died = letterTime(text);
    // The spool's have no date: it begins today.
    if (died === null) await objects.put(key, JSON.stringify(datedLetter(text, body, clock())), "application/json");
    if (died === null || died > clock() - LETTER_DAYS * DAY_MILLISECONDS) return false;
  }
  await objects.delete(key);
  return true;
}

function datedLetter(text: string, body: unknown, now: number): DeadLetter {
  return { queue: "spool", attempts: 0, died_at: now, body: body ?? text };
}

const PREFIXES = { mistake: "mis", attack: "atk", exchange: "exc" } as const;

function keyOf(captured: Captured): string | null {
  if (captured.type === "attack") return captured.attack.keyId;
  return (captured.type === "mistake" ? captured.mistake : captured.kept).provenance.keyId;
}

function isOver(captured: Captured, { daysOf }: RetentionTerms, now: number): boolean {
  if (captured.type === "exchange" && captured.kept.expiresAt !== null) return captured.kept.expiresAt <= now;
  const { id, projectId } = capturedHead(captured);
  const days = daysOf(projectId, keyOf(captured));
  return days !== null && id < idFloor(PREFIXES[captured.type], now - days * DAY_MILLISECONDS);
}

/** The object of its text, unless a row has it as well: then that row's end is its own. */
async function deletePointed(
  { objects, mistakes, keptExchanges }: ExpiredLettersDependencies,
  captured: Captured,
): Promise<void> {
  const kept = capturedText(captured);
  if ("inline" in kept) return;
  const { id, projectId } = capturedHead(captured);
  const stored =
    captured.type === "mistake"
      ? (await mistakes.get(projectId, id))?.mistake
      : captured.type === "attack"
        ? await mistakes.getAttack(projectId, id)
        : await keptExchanges.getKept(projectId, id);
  if (stored?.id !== id) await objects.delete(kept.objectKey);
}
