// Messages in batches that Cloudflare Queues take: 100 messages and 256 KB (developers.cloudflare.com/queues/platform/limits).
// Law: in order; counted is the JSON that is sent, with room for the queue's own envelope.
import { utf8Bytes } from "../../mistake/spill-limits.ts";

const MOST_MESSAGES = 100;
const MOST_BYTES = 240_000;
/** what the queue counts for each message besides its body */
const ENVELOPE_BYTES = 100;

export function batchesOf<Message>(messages: readonly Message[]): readonly (readonly Message[])[] {
  const batches: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = utf8Bytes(JSON.stringify(message)) + ENVELOPE_BYTES;
    const last = batches.at(-1);
    if (last === undefined || last.length === MOST_MESSAGES || bytes + size > MOST_BYTES) {
      batches.push([message]);
      bytes = size;
    } else {
      last.push(message);
      bytes += size;
    }
  }
  return batches;
}
