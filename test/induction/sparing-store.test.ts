// What the store does while the database is nearly full: texts in rows below 90 %, objects from there on, and nothing lost when the
// gauge or the object store fails.
import { describe, expect, it } from "vitest";
import { triedToSpill } from "../../src/induction/spill-captured.ts";
import { SparingStore } from "../../src/induction/sparing-store.ts";
import type { Captured } from "../../src/mistake/mistake-store.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { capturedAttack, capturedExchange, capturedMistake, exchangeOf, newProjectId } from "../fixtures/records.ts";

function sparing(fullShare: () => Promise<number>) {
  const objects = new InMemoryObjectStore();
  const mistakes = new InMemoryMistakeStore(objects);
  const logger = new KeptLogger();
  const received: Captured[] = [];
  const watched = {
    insertCaptured: async (captured: readonly Captured[]): Promise<void> => {
      received.push(...captured);
      await mistakes.insertCaptured(captured);
    },
  };
  const store = new SparingStore({ mistakes: watched, objects, gauge: { fullShare }, logger });
  return { store, objects, mistakes, logger, received };
}

const share = (value: number) => async () => await Promise.resolve(value);
const project = newProjectId();
const some = (): readonly Captured[] => [capturedMistake(project), capturedAttack(project), capturedExchange(project)];

describe("the store's way in", () => {
  it.each([0, 0.5, 0.8, 0.899_999])("leaves texts in rows at %d of the limit", async (full) => {
    const { store, objects, received } = sparing(share(full));
    const captured = some();
    await store.insertCaptured(captured);
    expect(received).toEqual(captured);
    expect(await objects.list("", 10)).toEqual([]);
  });

  it.each([0.9, 0.95, 1, 1.2])(
    "makes every text an object at %d of the limit, and gives it back whole",
    async (full) => {
      const { store, objects, mistakes, received } = sparing(share(full));
      const mistake = capturedMistake(project);
      const attack = capturedAttack(project);
      const kept = capturedExchange(project);
      await store.insertCaptured([mistake, attack, kept]);
      const folder = `projects/${project}`;
      const keys = [
        `${folder}/attacks/${attack.attack.id}.json`,
        `${folder}/exchanges/${kept.kept.id}.json`,
        `${folder}/mistakes/${mistake.mistake.id}.json`,
      ];
      expect(await objects.list("", 10)).toEqual(keys);
      expect(received).toEqual([
        { ...mistake, exchange: { objectKey: keys[2] } },
        { ...attack, messages: { objectKey: keys[0] } },
        { ...kept, exchange: { objectKey: keys[1] } },
      ]);
      expect((await mistakes.get(project, mistake.mistake.id))?.mistake.exchange).toEqual(exchangeOf());
      await store.insertCaptured([mistake]);
      expect(await objects.list("", 10)).toEqual(keys);
    },
  );

  it("leaves what is an object already as it is", async () => {
    const { store, objects, received } = sparing(share(1));
    const spilled = { ...capturedMistake(project), exchange: { objectKey: "projects/p/mistakes/m.json" } };
    await store.insertCaptured([spilled]);
    expect(received).toEqual([spilled]);
    expect(await objects.list("", 10)).toEqual([]);
  });

  it("leaves things as they were when the gauge fails, and says so", async () => {
    const { store, received, logger } = sparing(async () => await Promise.reject(new Error("no answer")));
    const captured = some();
    await store.insertCaptured(captured);
    expect(received).toEqual(captured);
    expect(logger.of("storage_gauge_failed")).toMatchObject([
      { level: "error", fields: { reason: "Error: no answer" } },
    ]);
  });

  it("leaves a text in its row that the object store refuses, and says so", async () => {
    const { store, objects, received, logger } = sparing(share(1));
    objects.down = true;
    const captured = some();
    await store.insertCaptured(captured);
    // With the key of what may lie there all the same.
    expect(received).toEqual(captured.map(triedToSpill));
    expect(logger.of("text_not_spared")).toHaveLength(3);
    expect(JSON.stringify(logger.lines)).not.toContain("lamp");
  });

  it("fails where the store fails, so that the batch comes again", async () => {
    const objects = new InMemoryObjectStore();
    const insertCaptured = async (): Promise<void> => {
      await Promise.reject(new Error("the database is full"));
    };
    const gauge = { fullShare: share(1) };
    const store = new SparingStore({ mistakes: { insertCaptured }, objects, gauge, logger: new KeptLogger() });
    await expect(store.insertCaptured(some())).rejects.toThrow("the database is full");
  });
});
