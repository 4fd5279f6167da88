// Exchanges as objects of their own: large ones, so that what is captured fits a queue message and a row; all of them, where the
// database is nearly full. Law: safe to repeat — the key is made of the id alone.
import type { ObjectStore } from "../lib/object-store.ts";
import { capturedHead } from "../mistake/captured-head.ts";
import type { Captured, Kept } from "../mistake/mistake-store.ts";
import { isTooLargeInline } from "../mistake/spill-limits.ts";

/** Written out, so that docs/storage.md can be held against them. */
const KEY_OF = {
  mistake: (projectId: string, id: string) => `projects/${projectId}/mistakes/${id}.json`,
  attack: (projectId: string, id: string) => `projects/${projectId}/attacks/${id}.json`,
  exchange: (projectId: string, id: string) => `projects/${projectId}/exchanges/${id}.json`,
} as const;

type Objects = Pick<ObjectStore, "put">;

async function spilled<Value>(objects: Objects, objectKey: string, kept: Kept<Value>): Promise<Kept<Value>> {
  if (!("inline" in kept)) return kept;
  await objects.put(objectKey, JSON.stringify(kept.inline), "application/json");
  return { objectKey };
}

function isLarge(kept: Kept<unknown>, beside: object): boolean {
  return "inline" in kept && isTooLargeInline(kept.inline, beside);
}

export function isSpilling(captured: Captured): boolean {
  if (captured.type === "attack") return isLarge(captured.messages, captured.attack);
  return isLarge(captured.exchange, captured.type === "mistake" ? captured.mistake : captured.kept);
}

/** Whatever its size. */
export async function spillCaptured(objects: Objects, captured: Captured): Promise<Captured> {
  const { projectId, id } = capturedHead(captured);
  const key = KEY_OF[captured.type](projectId, id);
  if (captured.type === "attack") return { ...captured, messages: await spilled(objects, key, captured.messages) };
  return { ...captured, exchange: await spilled(objects, key, captured.exchange) };
}

/** Of what could not be spilled: the object may be there all the same, and whoever stores the text inline must see to it. */
export function triedToSpill(captured: Captured): Captured {
  const { projectId, id } = capturedHead(captured);
  return { ...captured, triedKey: KEY_OF[captured.type](projectId, id) };
}

/** What is small stays as it is. */
export async function spillLarge(objects: Objects, captured: Captured): Promise<Captured> {
  return isSpilling(captured) ? await spillCaptured(objects, captured) : captured;
}
