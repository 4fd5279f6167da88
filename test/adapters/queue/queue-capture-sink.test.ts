// The first capture sink: one message holds one captured thing, and a refusal is passed on.
import { expect, it } from "vitest";
import { QueueCaptureSink } from "../../../src/adapters/queue/queue-capture-sink.ts";
import { capturedSchema } from "../../../src/mistake/captured-schema.ts";
import { HeldQueue } from "../../fakes/held-queue.ts";
import { capturedAttack, capturedMistake } from "../../fixtures/records.ts";

it("sends what was captured as one readable message", async () => {
  const queue = new HeldQueue();
  const sink = new QueueCaptureSink(queue);
  const captured = [capturedMistake("prj_1"), capturedAttack("prj_1")];
  for (const item of captured) await sink.accept(item);
  expect(queue.take().map((body) => capturedSchema.parse(body))).toEqual(captured);
});

it("rejects when the queue refuses", async () => {
  const queue = new HeldQueue();
  queue.refuses = true;
  await expect(new QueueCaptureSink(queue).accept(capturedMistake("prj_1"))).rejects.toThrow("refuses");
});
