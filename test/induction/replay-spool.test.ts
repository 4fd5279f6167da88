// Replaying what only the object store would take: nothing goes before the store has it, and nothing waits behind a bad one.
import { beforeEach, expect, it } from "vitest";
import { ObjectCaptureSink, SPOOL_PREFIX } from "../../src/induction/object-capture-sink.ts";
import { replaySpool } from "../../src/induction/replay-spool.ts";
import type { AnalysisRequest } from "../../src/mistake/analysis-queue.ts";
import type { Captured } from "../../src/mistake/mistake-store.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { capturedAttack, capturedMistake, exchangeOf, newProjectId, ticking } from "../fixtures/records.ts";

let objects: InMemoryObjectStore;
let logger: KeptLogger;
let mistakes: InMemoryMistakeStore;
let enqueued: AnalysisRequest[];
let project: string;
let now: number;

beforeEach(() => {
  now = ticking();
  objects = new InMemoryObjectStore();
  logger = new KeptLogger();
  mistakes = new InMemoryMistakeStore(objects);
  enqueued = [];
  project = newProjectId();
});

const replay = async (insertCaptured = mistakes.insertCaptured.bind(mistakes)): Promise<number> =>
  await replaySpool({
    mistakes: { insertCaptured },
    analyses: {
      enqueue: async (requests) => {
        await Promise.resolve();
        enqueued.push(...requests);
      },
    },
    objects,
    logger,
    clock: () => now,
  });

const spool = async (...captured: readonly Captured[]): Promise<void> => {
  const sink = new ObjectCaptureSink(objects);
  for (const item of captured) await sink.accept(item);
};

it("stores what was spooled, asks for the analyses, and empties the spool", async () => {
  const [mistake, attack] = [capturedMistake(project), capturedAttack(project)];
  await spool(mistake, attack);
  expect(await replay()).toBe(2);
  expect((await mistakes.get(project, mistake.mistake.id))?.mistake.state).toBe("captured");
  expect((await mistakes.listAttacks(project, { limit: 5, cursor: null })).items).toHaveLength(1);
  expect(enqueued).toEqual([{ projectId: project, mistakeId: mistake.mistake.id }]);
  expect(await objects.list(SPOOL_PREFIX, 10)).toEqual([]);
  expect(await replay()).toBe(0);
});

it.each(["", "no JSON", "null", JSON.stringify({ type: "mistake" })])(
  "moves what can't be read to the dead letters: %j",
  async (text) => {
    const key = `${SPOOL_PREFIX}broken.json`;
    await objects.put(key, text, "application/json");
    expect(await replay()).toBe(0);
    expect(await objects.getText(`dead-letters/${key}`)).toBe(text);
    expect(await objects.list(SPOOL_PREFIX, 10)).toEqual([]);
    expect(logger.of("spooled_object_unreadable")).toHaveLength(1);
  },
);

it("keeps what the store refuses, and stores the others", async () => {
  const all = [capturedMistake(project), capturedMistake(project), capturedMistake(project)];
  await spool(...all);
  const refused = all[0]?.mistake.id;
  const replayed = await replay(async (captured) => {
    if (captured.some((item) => item.type === "mistake" && item.mistake.id === refused)) throw new Error("refused");
    await mistakes.insertCaptured(captured);
  });
  expect(replayed).toBe(2);
  expect(await objects.list(SPOOL_PREFIX, 10)).toEqual([`${SPOOL_PREFIX}${refused ?? ""}.json`]);
  expect(logger.of("spooled_object_refused")).toHaveLength(1);
  expect(await replay()).toBe(1);
});

it("stores a page by one statement, and reads page after page", async () => {
  await spool(...Array.from({ length: 120 }, () => capturedMistake(project)));
  let statements = 0;
  const replayed = await replay(async (captured) => {
    statements += 1;
    await mistakes.insertCaptured(captured);
  });
  expect([replayed, statements]).toEqual([120, 3]);
});

it("replays no more than a thousand a call, and the rest with the next", async () => {
  await spool(...Array.from({ length: 1_010 }, () => capturedMistake(project)));
  expect(await replay()).toBe(1_000);
  expect(await replay()).toBe(10);
});

it("has none wait behind more refused ones than a page holds", async () => {
  const bad = Array.from({ length: 60 }, () => capturedMistake(project, { kind: "hijacked" }));
  const good = capturedMistake(project);
  await spool(...bad, good);
  const replayed = await replay(async (captured) => {
    if (captured.some((item) => item.type === "mistake" && item.mistake.kind === "hijacked"))
      throw new Error("refused");
    await mistakes.insertCaptured(captured);
  });
  expect(replayed).toBe(1);
  expect(await mistakes.get(project, good.mistake.id)).not.toBeNull();
});

it("moves what the store refuses for a day while it takes others to the dead letters", async () => {
  const [bad, good, later] = [capturedMistake(project), capturedMistake(project), capturedMistake(project)];
  const refusing = async (captured: readonly Captured[]): Promise<void> => {
    if (captured.some((item) => item.type === "mistake" && item.mistake.id === bad.mistake.id)) throw new Error("no");
    await mistakes.insertCaptured(captured);
  };
  await spool(bad, good);
  await replay(refusing);
  expect(await objects.list("dead-letters/", 10)).toEqual([]);
  now += 86_400_000 + 10;
  // The database may just be down.
  await replay(async () => {
    await Promise.reject(new Error("down"));
  });
  expect(await objects.list("dead-letters/", 10)).toEqual([]);
  await spool(later);
  await replay(refusing);
  expect(await objects.list("dead-letters/", 10)).toEqual([`dead-letters/${SPOOL_PREFIX}${bad.mistake.id}.json`]);
  expect(await objects.list(SPOOL_PREFIX, 10)).toEqual([]);
});

it("makes an object of an exchange that no row can hold", async () => {
  const exchange = exchangeOf("x", "界".repeat(500_000));
  const captured = capturedMistake(project, {}, exchange);
  await spool(captured);
  let stored: readonly Captured[] = [];
  await replay(async (given) => {
    stored = given;
    await mistakes.insertCaptured(given);
  });
  expect(JSON.stringify(stored).length).toBeLessThan(10_000);
  expect((await mistakes.get(project, captured.mistake.id))?.mistake.exchange).toEqual(exchange);
});
