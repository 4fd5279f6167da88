// Dead letters: kept as objects, and acknowledged only then.
import { expect, it } from "vitest";
import { consumeDeadLetters } from "../../src/jobs/dead-letters.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { capturedMistake, newProjectId } from "../fixtures/records.ts";
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

it.each([
  [1, 5],
  [4, 40],
  [20, 3_600],
])("has what could not be kept come again after attempt %d: in %d s", async (attempts, seconds) => {
  const objects = new InMemoryObjectStore();
  objects.down = true;
  const batch = batchOf("setback-dead-letters", [{ a: 1 }, capturedMistake(newProjectId())], attempts);
  const logger = new KeptLogger();
  await consumeDeadLetters({ objects, logger, clock: () => 42 }, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual([seconds, seconds]);
  expect(logger.of("dead_letter_refused")).toHaveLength(2);
});

it("spools what was captured, so that cron brings it back instead of burying it", async () => {
  const objects = new InMemoryObjectStore();
  const captured = capturedMistake(newProjectId());
  const batch = batchOf("setback-dead-letters", [captured]);
  await consumeDeadLetters({ objects, logger: new KeptLogger(), clock: () => 42 }, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged"]);
  expect(await objects.list("dead-letters/", 10)).toEqual([]);
  expect(await objects.list("spool/", 10)).toEqual([`spool/${captured.mistake.id}.json`]);
});
