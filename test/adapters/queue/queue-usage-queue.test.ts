// The usage queue: a batch as one message, and beside it, once the queue has it, data points where there is a dataset.
import { expect, it } from "vitest";
import { QueueUsageQueue } from "../../../src/adapters/queue/queue-usage-queue.ts";
import { HeldQueue } from "../../fakes/held-queue.ts";

const BATCH = {
  id: "use_1",
  usage: [
    {
      projectId: "prj_1",
      keyId: "key_1",
      purpose: "judge",
      model: "m",
      minute: 1,
      calls: 2,
      promptTokens: 3,
      completionTokens: 4,
      microDollars: 5,
    },
  ],
  outcomes: [{ projectId: "prj_1", keyId: "key_1", outcome: "request", minute: 1, count: 6 }],
} as const;

class KeptDataset implements AnalyticsEngineDataset {
  readonly points: (AnalyticsEngineDataPoint | undefined)[] = [];

  writeDataPoint(point?: AnalyticsEngineDataPoint): void {
    this.points.push(point);
  }
}

it("sends a batch as it is", async () => {
  const queue = new HeldQueue();
  await new QueueUsageQueue(queue, null).send(BATCH);
  expect(queue.take()).toEqual([BATCH]);
});

it("exports a batch that the queue has", async () => {
  const dataset = new KeptDataset();
  await new QueueUsageQueue(new HeldQueue(), dataset).send(BATCH);
  expect(dataset.points).toEqual([
    { indexes: ["prj_1"], blobs: ["usage", "key_1", "judge", "m"], doubles: [2, 3, 4, 5] },
    { indexes: ["prj_1"], blobs: ["outcome", "key_1", "request"], doubles: [6] },
  ]);
});

it("exports nothing that the queue refused, since it comes again", async () => {
  const queue = new HeldQueue();
  const dataset = new KeptDataset();
  queue.refuses = true;
  await expect(new QueueUsageQueue(queue, dataset).send(BATCH)).rejects.toThrow();
  expect(dataset.points).toEqual([]);
});
