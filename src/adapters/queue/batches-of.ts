// Messages in batches that Cloudflare Queues take: 100 messages and 256 KB (developers.cloudflare.com/queues/platform/limits).
// Law: in order; counted is the JSON that is sent, with room for the queue's own envelope; one that the queue refuses for its size
// takes no other with it.
import { utf8Bytes } from "../../mistake/spill-limits.ts";

const MOST_MESSAGES = 100;
const MOST_BYTES = 240_000;
/** of one message (128 KB) */
const MOST_MESSAGE_BYTES = 120_000;
/** what the queue counts for each message besides its body */
const ENVELOPE_BYTES = 100;

/** What can't be too large needs no counting: a UTF-16 unit is three bytes at most. */
function isSurelyOne(texts: readonly string[]): boolean {
  const units = texts.reduce((sum, { length }) => sum + length, 0);
  return texts.length <= MOST_MESSAGES && units * 3 + texts.length * ENVELOPE_BYTES <= MOST_MESSAGE_BYTES;
}

export function batchesOf<Item>(items: readonly Item[], bodyOf: (item: Item) => unknown): readonly (readonly Item[])[] {
  if (items.length <= 1) return items.length === 0 ? [] : [items];
  const texts = items.map((item) => JSON.stringify(bodyOf(item)));
  if (isSurelyOne(texts)) return [items];
  const batches: Item[][] = [];
  let bytes = Infinity;
  for (const [place, item] of items.entries()) {
    const size = utf8Bytes(texts[place] ?? "") + ENVELOPE_BYTES;
    const last = batches.at(-1);
    const isLarge = size > MOST_MESSAGE_BYTES;
    const isFull = isLarge || last === undefined || last.length === MOST_MESSAGES || bytes + size > MOST_BYTES;
    if (isFull) batches.push([item]);
    else last.push(item);
    if (isLarge) bytes = Infinity;
    else bytes = isFull ? size : bytes + size;
  }
  return batches;
}
