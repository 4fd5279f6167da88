// The capture queue's consumer: everything readable stored in one go, the unreadable kept, and no message another's undoing.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { R2ObjectStore } from "../../src/adapters/r2/r2-object-store.ts";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import type { AppServices } from "../../src/middleware/app-services.ts";
import type { Captured } from "../../src/mistake/mistake-store.ts";
import { ObservedDatabase } from "../fakes/observed-database.ts";
import { createGateway } from "../setup/gateway.ts";
import { capturedAttack, capturedMistake, exchangeOf, newProjectId } from "../fixtures/records.ts";
import { batchOf } from "./fixtures.ts";

function failingFor(services: AppServices, fails: (captured: readonly Captured[]) => boolean): AppServices {
  const { mistakes } = services.storing;
  const insertCaptured = async (captured: readonly Captured[]): Promise<void> => {
    if (fails(captured)) throw new Error("the database refuses");
    await mistakes.insertCaptured(captured);
  };
  return { ...services, storing: { ...services.storing, mistakes: { insertCaptured } } };
}

it("stores a batch and asks for the analyses of its mistakes", async () => {
  const gateway = createGateway();
  const project = newProjectId();
  const mistakes = [capturedMistake(project), capturedMistake(project, {}, exchangeOf("And my chair?"))];
  const batch = batchOf("setback-captures", [...mistakes, capturedAttack(project)]);
  await consumeCaptured(gateway.services, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged", "acknowledged"]);
  const page = await gateway.services.mistakes.list(project, {}, { limit: 10, cursor: null });
  expect(page.items).toHaveLength(2);
  expect(gateway.analyses.take()).toEqual(
    mistakes.map(({ mistake: { id } }) => ({ projectId: project, mistakeId: id })),
  );
});

it("keeps what it can't read, and stores the rest", async () => {
  const gateway = createGateway();
  const project = newProjectId();
  const queue = `captures-${crypto.randomUUID()}`;
  const batch = batchOf(queue, [{ type: "mistake" }, capturedMistake(project)]);
  await consumeCaptured(gateway.services, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged"]);
  expect(await gateway.services.objects.getText(`dead-letters/${queue}/message-0.json`)).toContain(
    `{"type":"mistake"}`,
  );
  expect((await gateway.services.mistakes.list(project, {}, { limit: 10, cursor: null })).items).toHaveLength(1);
});

it("has all of a batch tried again while the database is down, and stores each once when it is back", async () => {
  const gateway = createGateway();
  const project = newProjectId();
  const bodies = [capturedMistake(project), capturedMistake(project, {}, exchangeOf("And my chair?"))];
  const down = batchOf("setback-captures", bodies);
  await consumeCaptured(
    failingFor(gateway.services, () => true),
    down,
  );
  expect(down.outcomes.map(({ was }) => was)).toEqual([5, 5]);
  for (let again = 0; again < 2; again += 1)
    await consumeCaptured(gateway.services, batchOf("setback-captures", bodies));
  expect((await gateway.services.mistakes.list(project, {}, { limit: 10, cursor: null })).items).toHaveLength(2);
});

it("lets no message take the others with it", async () => {
  const gateway = createGateway();
  const project = newProjectId();
  const [bad, ...good] = [capturedMistake(project), capturedMistake(project), capturedAttack(project)];
  const batch = batchOf("setback-captures", [...good, bad]);
  const services = failingFor(gateway.services, (captured) =>
    captured.some((item) => item.type === "mistake" && item.mistake.id === bad.mistake.id),
  );
  await consumeCaptured(services, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged", 5]);
});

it("asks the database as often for a large batch as for a small one", async () => {
  const database = new ObservedDatabase(env.DB);
  const { services } = createGateway({ env: { DB: database.binding } });
  const callsOf = async (size: number): Promise<number> => {
    const project = newProjectId();
    const bodies = Array.from({ length: size }, (_, number) =>
      capturedMistake(project, {}, exchangeOf(`Lamp ${number}?`)),
    );
    const batch = batchOf("setback-captures", bodies);
    const before = database.calls;
    await consumeCaptured(services, batch);
    expect(batch.outcomes.every(({ was }) => was === "acknowledged")).toBe(true);
    return database.calls - before;
  };
  // The first one also asks for the policy.
  await callsOf(1);
  const few = await callsOf(2);
  expect(await callsOf(100)).toBe(few);
  expect(few).toBeLessThanOrEqual(7);
});

it("waits no longer for a database that does not answer than its time, and has all tried again", async () => {
  const gateway = createGateway();
  let statements = 0;
  const insertCaptured = async (): Promise<void> => {
    statements += 1;
    await new Promise(() => undefined);
  };
  let now = 0;
  const services = {
    ...gateway.services,
    clock: () => (now += 10_000),
    storing: { ...gateway.services.storing, mistakes: { insertCaptured }, timeoutMilliseconds: 5 },
  };
  const bodies = Array.from({ length: 64 }, () => capturedMistake(newProjectId()));
  const batch = batchOf("setback-captures", bodies, 3);
  await consumeCaptured(services, batch);
  expect(batch.outcomes).toHaveLength(64);
  expect(batch.outcomes.every(({ was }) => was === 20)).toBe(true);
  expect(statements).toBeLessThan(5);
});

it("stores the rest though an unreadable one can't be kept just now", async () => {
  const gateway = createGateway();
  const project = newProjectId();
  const objects = { ...gateway.services.objects, put: async () => await Promise.reject(new Error("down")) };
  const batch = batchOf("setback-captures", [{ type: "mistake" }, capturedMistake(project)]);
  await consumeCaptured({ ...gateway.services, objects }, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual([5, "acknowledged"]);
});

it("makes the object of what came whole because the object store's answer was lost, and stores it whole while there is none", async () => {
  const gateway = createGateway();
  const project = newProjectId();
  const large = (): Captured =>
    capturedMistake(project, {}, exchangeOf(`Long ${crypto.randomUUID()}`, "word ".repeat(9_000)));
  const [first, second] = [large(), large()];
  await consumeCaptured(gateway.services, batchOf("setback-captures", [first]));
  const keys = async (): Promise<readonly string[]> =>
    await gateway.services.objects.list(`projects/${project}/mistakes/`, 10);
  expect(await keys()).toHaveLength(1);
  const put = async (): Promise<never> => await Promise.reject(new Error("away"));
  const objects = Object.assign(new R2ObjectStore(env.OBJECTS), { put });
  const batch = batchOf("setback-captures", [second]);
  await consumeCaptured({ ...gateway.services, objects }, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged"]);
  expect(await keys()).toHaveLength(1);
  expect((await gateway.services.mistakes.list(project, {}, { limit: 10, cursor: null })).items).toHaveLength(2);
});
