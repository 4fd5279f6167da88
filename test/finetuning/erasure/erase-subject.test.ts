// An erasure goes through its places in bounded steps, and goes on where it stopped, whatever stopped it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HmacEndUserIds } from "../../../src/access/end-user-ids.ts";
import {
  continueErasures,
  requestErasure,
  type EraseDependencies,
} from "../../../src/finetuning/erasure/erase-subject.ts";
import type { ErasurePlace } from "../../../src/mistake/erasure.ts";
import { InMemoryErasureStore } from "../../fakes/in-memory-erasure-store.ts";
import { KeptLogger } from "../../fakes/kept-logger.ts";
import { makeTestId } from "../../fixtures/records.ts";

const ORDER = { projectId: "prj_1", keyId: "key_1", endUserId: "jane" };
const SECRET = "a secret of this very test here";

/** Holds some things, gives up one a step, and breaks now and then, before or after it gave it up. */
function placeOf(name: string, held: number, breaks: () => boolean): ErasurePlace & { readonly left: () => number } {
  let left = held;
  return {
    name,
    left: () => left,
    erase: async () => {
      await Promise.resolve();
      if (breaks()) throw new Error("down");
      if (left === 0) return { erased: 0, next: "done" };
      left -= 1;
      if (breaks()) throw new Error("down afterwards");
      return { erased: 1, next: { cursor: String(left) } };
    },
  };
}

function bench(places: readonly ErasurePlace[], secrets: readonly string[] = [SECRET]) {
  let now = 1_000;
  const logger = new KeptLogger();
  const erasures = new InMemoryErasureStore();
  const dependencies: EraseDependencies = {
    endUserIds: new HmacEndUserIds(secrets),
    ...{ erasures, places, logger, makeId: makeTestId },
    clock: () => (now += 1),
  };
  return { dependencies, erasures, logger, pass: (milliseconds: number) => (now += milliseconds) };
}

describe("an erasure", () => {
  it("ends with nothing left anywhere, however often it is cut off", async () => {
    const script = fc.tuple(
      fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.nat(9)),
    );
    await fc.assert(
      fc.asyncProperty(script, async ([held, chances]) => {
        const breaks = (): boolean => chances.next().value === 0;
        const places = held.map((each, place) => placeOf(`place ${place}`, each, breaks));
        const { dependencies, erasures } = bench(places);
        const first = await requestErasure(dependencies, ORDER);
        if (!first.ok) throw new Error(first.error.message);
        for (let ticks = 0; ticks < 200 && (await erasures.listRunning(1)).length > 0; ticks += 1)
          await continueErasures(dependencies);
        const erasure = await erasures.getErasure("prj_1", first.value.id);
        expect(erasure).toMatchObject({ status: "done", place: "", cursor: null });
        expect(places.map(({ left }) => left())).toEqual(held.map(() => 0));
      }),
      { numRuns: 40 },
    );
  });

  it("is one for one person, however often it is asked for while it runs", async () => {
    const { dependencies, erasures, logger } = bench([placeOf("place", 1, () => true)]);
    await requestErasure(dependencies, ORDER);
    await requestErasure(dependencies, ORDER);
    expect(await erasures.listRunning(9)).toHaveLength(1);
    expect(logger.of("erasure_step_failed")).toHaveLength(2);
    expect(erasures.audit).toHaveLength(1);
    expect(JSON.stringify([erasures.audit, await erasures.listRunning(9), logger])).not.toContain("jane");
  });

  it("stands in nobody's way, however often it fails", async () => {
    let isDown = true;
    const fails: ErasurePlace = {
      name: "place",
      erase: async ({ projectId }) => {
        await Promise.resolve();
        if (isDown || projectId === "prj_damaged") throw new Error("down");
        return { erased: 0, next: "done" };
      },
    };
    const { dependencies, erasures } = bench([fails]);
    for (let person = 0; person < 7; person += 1)
      await requestErasure(dependencies, { ...ORDER, projectId: "prj_damaged", endUserId: `person ${person}` });
    const other = await requestErasure(dependencies, { ...ORDER, projectId: "prj_sound" });
    isDown = false;
    for (let ticks = 0; ticks < 3; ticks += 1) await continueErasures(dependencies);
    if (!other.ok) throw new Error("It was refused.");
    expect((await erasures.getErasure("prj_sound", other.value.id))?.status).toBe("done");
  });

  it("waits where a place says so, and leaves what another invocation is at", async () => {
    let isReady = false;
    const waits: ErasurePlace = {
      name: "waits",
      erase: async () => await Promise.resolve({ erased: 0, next: isReady ? "done" : { laterFrom: "7" } }),
    };
    const { dependencies, erasures, pass } = bench([waits]);
    const asked = await requestErasure(dependencies, ORDER);
    expect(asked).toMatchObject({ ok: true, value: { status: "running", place: "waits", cursor: "7" } });
    isReady = true;
    const [running] = await erasures.listRunning(1);
    await erasures.lease(running?.id ?? "", 2_000, 90_000);
    await continueErasures(dependencies);
    expect(await erasures.listRunning(9)).toHaveLength(1);
    pass(90_000);
    await continueErasures(dependencies);
    expect(await erasures.listRunning(9)).toEqual([]);
  });

  it("can't be where no secret could have named anybody", async () => {
    expect(await requestErasure(bench([], []).dependencies, ORDER)).toMatchObject({
      ok: false,
      error: { status: 409 },
    });
  });
});
