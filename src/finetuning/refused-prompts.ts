// The prompts that were refused in error, over all that a project has confirmed: kept as hashes beside the release while it is being
// built. Law: a hash too many withholds one refusal too many, never lets one in.
import { fnv1a } from "../lib/fnv1a.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { lastUserText } from "../mistake/exchange-text.ts";
import type { MistakeStore } from "../mistake/mistake-store.ts";
import type { Release } from "../release/release.ts";
import { releasePrefix } from "./release-objects.ts";
import { promptKeyOf } from "./training-example.ts";

const PAGE_SIZE = 100;
const BYTES_A_HASH = 4;

function keyOf(release: Pick<Release, "projectId" | "id">): string {
  return `${releasePrefix(release)}refused-prompts`;
}

function hashOf(promptKey: string): number {
  return fnv1a(promptKey, "refused in error");
}

/** How many there are. Safe to repeat. */
export async function gatherRefusedPrompts(
  mistakes: Pick<MistakeStore, "list">,
  objects: Pick<ObjectStore, "put">,
  release: Release,
): Promise<number> {
  const hashes: number[] = [];
  for (const state of ["confirmed", "released"] as const) {
    let cursor: string | null = null;
    for (let hasMore = true; hasMore;) {
      const filter = { kind: "over_refusal", state } as const;
      const page = await mistakes.list(release.projectId, filter, { limit: PAGE_SIZE, cursor });
      for (const { mistake } of page.items) hashes.push(hashOf(promptKeyOf(lastUserText(mistake.exchange.messages))));
      cursor = page.items.at(-1)?.mistake.id ?? cursor;
      ({ hasMore } = page);
    }
  }
  const sorted = Uint32Array.from(hashes).toSorted();
  const bytes = new Uint8Array(sorted.length * BYTES_A_HASH);
  const view = new DataView(bytes.buffer);
  for (const [place, hash] of sorted.entries()) view.setUint32(place * BYTES_A_HASH, hash);
  if (sorted.length > 0) await objects.put(keyOf(release), bytes, "application/octet-stream");
  return sorted.length;
}

/** Whether a prompt is one of the `count` that were gathered. */
export async function readRefusedPrompts(
  objects: Pick<ObjectStore, "getRange">,
  release: Release,
  count: number,
): Promise<(promptKey: string) => boolean> {
  if (count === 0) return () => false;
  const bytes = await objects.getRange(keyOf(release), 0, count * BYTES_A_HASH);
  if (bytes === null) throw new Error("what was gathered of refused prompts is gone");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (promptKey) => {
    const wanted = hashOf(promptKey);
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (view.getUint32(middle * BYTES_A_HASH) < wanted) low = middle + 1;
      else high = middle;
    }
    return low < count && view.getUint32(low * BYTES_A_HASH) === wanted;
  };
}

export async function dropRefusedPrompts(objects: Pick<ObjectStore, "delete">, release: Release): Promise<void> {
  await objects.delete(keyOf(release));
}
