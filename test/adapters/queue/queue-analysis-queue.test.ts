// The analysis queue: everything is sent, in batches that Cloudflare Queues take (100 messages).
import { expect, it } from "vitest";
import { QueueAnalysisQueue } from "../../../src/adapters/queue/queue-analysis-queue.ts";
import { HeldQueue } from "../../fakes/held-queue.ts";

class CountingQueue extends HeldQueue {
  readonly batches: number[] = [];

  override async sendBatch(messages: Iterable<MessageSendRequest>): Promise<QueueSendBatchResponse> {
    const all = [...messages];
    this.batches.push(all.length);
    return await super.sendBatch(all);
  }
}

it.each([
  [0, []],
  [1, [1]],
  [100, [100]],
  [250, [100, 100, 50]],
])("sends %d requests in batches of %j", async (count, batches) => {
  const queue = new CountingQueue();
  const requests = Array.from({ length: count }, (_, index) => ({ projectId: "prj_1", mistakeId: `mis_${index}` }));
  await new QueueAnalysisQueue(queue).enqueue(requests);
  expect(queue.batches).toEqual(batches);
  expect(queue.take()).toEqual(requests);
});
