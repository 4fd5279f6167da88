// Large exchanges as objects of their own, so that what is captured fits a queue message and a row.
// Law: safe to repeat — the key is made of the id alone; what is small stays as it is.
import type { ObjectStore } from "../lib/object-store.ts";
import type { Captured, Kept } from "../mistake/mistake-store.ts";
import { isTooLargeInline } from "../mistake/spill-limits.ts";

type Objects = Pick<ObjectStore, "put">;

async function spilled<Value>(objects: Objects, objectKey: string, kept: Kept<Value>): Promise<Kept<Value>> {
  if ("inline" in kept) await objects.put(objectKey, JSON.stringify(kept.inline), "application/json");
  return { objectKey };
}

export function isSpilling(captured: Captured): boolean {
  const [kept, beside] =
    captured.type === "mistake" ? [captured.exchange, captured.mistake] : [captured.messages, captured.attack];
  return "inline" in kept && isTooLargeInline(kept.inline, beside);
}

export async function spillCaptured(objects: Objects, captured: Captured): Promise<Captured> {
  if (!isSpilling(captured)) return captured;
  if (captured.type === "mistake") {
    const { mistake, exchange } = captured;
    const key = `projects/${mistake.projectId}/mistakes/${mistake.id}.json`;
    return { ...captured, exchange: await spilled(objects, key, exchange) };
  }
  const { attack, messages } = captured;
  const key = `projects/${attack.projectId}/attacks/${attack.id}.json`;
  return { ...captured, messages: await spilled(objects, key, messages) };
}
