// Replaying dead letters: each goes back to where it died, what can't be read or put back stays, and a rehearsal changes nothing.
import { expect, it } from "vitest";
import { keepDeadLetter } from "../../src/jobs/dead-letters.ts";
import { replayDeadLetters, type Replayed } from "../../src/jobs/replay-dead-letters.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { InMemoryUsageStore } from "../fakes/in-memory-usage-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { capturedAttack, capturedMistake, newProjectId } from "../fixtures/records.ts";

const BATCH = { id: "use_1", usage: [], outcomes: [] };

function world() {
  const objects = new InMemoryObjectStore();
  const logger = new KeptLogger();
  const mistakes = new InMemoryMistakeStore(objects);
  const usage = new InMemoryUsageStore();
  const enqueued: unknown[] = [];
  const analyses = {
    refuses: false,
    enqueue: async (requests: readonly unknown[]) => {
      await Promise.resolve();
      if (analyses.refuses) throw new Error("the queue refuses");
      enqueued.push(...requests);
    },
  };
  const services = { objects, logger, usage, clock: () => 42, storing: { mistakes, analyses } };
  let letters = 0;
  const bury = async (...bodies: readonly unknown[]): Promise<void> => {
    for (const body of bodies) {
      letters += 1;
      await keepDeadLetter(services, "setback-dead-letters", { id: `letter-${letters}`, body, attempts: 6 });
    }
  };
  const replay = async (isRehearsal = false, limit = 100, after: string | null = null): Promise<Replayed> =>
    await replayDeadLetters(services, { limit, after, isRehearsal });
  const left = async (): Promise<number> => (await objects.list("dead-letters/", 1000)).length;
  return { objects, mistakes, enqueued, analyses, bury, replay, left };
}

it("puts every kind of message back, and only then forgets the letter", async () => {
  const { objects, mistakes, enqueued, bury, replay, left } = world();
  const project = newProjectId();
  const [mistake, attack] = [capturedMistake(project), capturedAttack(project)];
  const analysis = { projectId: project, mistakeId: "mis_1" };
  await bury(mistake, analysis, BATCH);
  // As the spool's replay moves them: the object as it was.
  await objects.put("dead-letters/spool/atk.json", JSON.stringify(attack), "application/json");
  expect(await replay(true)).toEqual({ replayed: 4, unreadable: 0, refused: 0, next: null });
  expect([await left(), enqueued]).toEqual([4, []]);
  expect(await replay()).toEqual({ replayed: 4, unreadable: 0, refused: 0, next: null });
  expect(await left()).toBe(0);
  expect((await mistakes.get(project, mistake.mistake.id))?.mistake.state).toBe("captured");
  expect((await mistakes.getAttack(project, attack.attack.id))?.id).toBe(attack.attack.id);
  expect(new Set(enqueued)).toEqual(new Set([analysis, { projectId: project, mistakeId: mistake.mistake.id }]));
});

it("leaves what can't be read, and what is refused just now, and goes on behind them", async () => {
  const { analyses, bury, replay, left } = world();
  analyses.refuses = true;
  await bury({ type: "mistake" }, "no letter", { projectId: "prj_1", mistakeId: "mis_1" }, BATCH);
  const first = await replay(false, 3);
  expect(first).toMatchObject({ replayed: 0, unreadable: 2, refused: 1 });
  expect(await replay(false, 3, first.next)).toEqual({ replayed: 1, unreadable: 0, refused: 0, next: null });
  expect(await left()).toBe(3);
  analyses.refuses = false;
  expect(await replay()).toMatchObject({ replayed: 1, unreadable: 2 });
});

it("stores a mistake once, however often its letter comes back", async () => {
  const { mistakes, bury, replay } = world();
  const project = newProjectId();
  const mistake = capturedMistake(project);
  await mistakes.insertCaptured([mistake]);
  for (let again = 0; again < 2; again += 1) {
    await bury(mistake);
    expect((await replay()).replayed).toBe(1);
  }
  expect((await mistakes.list(project, {}, { limit: 5, cursor: null })).items).toHaveLength(1);
});
