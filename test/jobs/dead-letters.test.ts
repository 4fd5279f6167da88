// Dead letters: kept as objects, and acknowledged only then.
import { expect, it } from "vitest";
import { consumeDeadLetters } from "../../src/jobs/dead-letters.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { batchOf } from "./fixtures.ts";

it("keeps every letter whole, then acknowledges it", async () => {
  const objects = new InMemoryObjectStore();
  const batch = batchOf("setback-dead-letters", [{ a: "界\u0000" }, null], 7);
  await consumeDeadLetters({ objects, logger: new KeptLogger(), clock: () => 42 }, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged"]);
  const text = await objects.getText("dead-letters/setback-dead-letters/message-0.json");
  const letter: unknown = JSON.parse(text ?? "");
  expect(letter).toEqual({ queue: "setback-dead-letters", attempts: 7, died_at: 42, body: { a: "界\u0000" } });
});

it("acknowledges nothing that could not be kept", async () => {
  const objects = new InMemoryObjectStore();
  objects.down = true;
  const batch = batchOf("setback-dead-letters", [{ a: 1 }]);
  const services = { objects, logger: new KeptLogger(), clock: () => 42 };
  await expect(consumeDeadLetters(services, batch)).rejects.toThrow("down");
  expect(batch.outcomes).toEqual([]);
});
