// What every store of kept exchanges must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore } from "../../src/lib/object-store.ts";
import type { KeptExchangeStore } from "../../src/mistake/kept-exchange-store.ts";
import type { MistakeStore } from "../../src/mistake/mistake-store.ts";
import { capturedExchange, exchangeOf, newProjectId, type CapturedExchange } from "../fixtures/records.ts";

export interface KeptExchangesUnderTest {
  readonly keptExchanges: KeptExchangeStore;
  readonly mistakes: Pick<MistakeStore, "insertCaptured">;
  readonly objects: ObjectStore;
}

/** Older than anything that other tests have left in the same database. */
const EARLY = 1_000;
const NAME = { completionId: "chatcmpl-1", choice: 0 };

export function keptExchangeStoreContract(name: string, make: () => KeptExchangesUnderTest): void {
  describe(`${name} as a store of kept exchanges`, () => {
    let under: KeptExchangesUnderTest;
    let project: string;

    beforeEach(() => {
      under = make();
      project = newProjectId();
    });

    const insert = async (changes: Partial<CapturedExchange["kept"]> = {}): Promise<CapturedExchange> => {
      const captured = capturedExchange(project, changes);
      await under.mistakes.insertCaptured([captured]);
      return captured;
    };
    const find = async (now = 0, choice = 0) => await under.keptExchanges.findKept(project, { ...NAME, choice }, now);

    it("gives back whole what was kept, once, however often it comes", async () => {
      const captured = await insert();
      await under.mistakes.insertCaptured([{ ...captured, kept: { ...captured.kept, state: "good" } }]);
      const whole = { ...captured.kept, exchange: "inline" in captured.exchange ? captured.exchange.inline : null };
      expect(await find()).toEqual(whole);
      expect(await under.keptExchanges.getKept(project, captured.kept.id)).toEqual(whole);
    });

    it("reads an exchange that went to the object store, and misses none that is gone there", async () => {
      const captured = capturedExchange(project);
      await under.objects.put("kept.json", JSON.stringify(exchangeOf("q", "a long answer")), "application/json");
      await under.mistakes.insertCaptured([{ ...captured, exchange: { objectKey: "kept.json" } }]);
      expect((await find())?.exchange.answer.content).toBe("a long answer");
      await under.objects.delete("kept.json");
      expect(await find()).toBeNull();
    });

    it("finds the newest of a name, choice by choice, and nothing that has expired", async () => {
      await insert({ expiresAt: 9_000 });
      const second = await insert({ expiresAt: 5_000 });
      const other = await insert({ choice: 1 });
      expect((await find(4_999))?.id).toBe(second.kept.id);
      expect((await find(5_000))?.id).not.toBe(second.kept.id);
      expect(await find(9_000)).toBeNull();
      expect((await find(0, 1))?.id).toBe(other.kept.id);
    });

    it("marks a good one, which need not expire", async () => {
      const { kept } = await insert();
      await under.keptExchanges.mark(project, kept.id, "good", null);
      expect(await find(Number.MAX_SAFE_INTEGER)).toMatchObject({ state: "good", expiresAt: null });
    });

    it("lists and deletes what has expired, and nothing that was given longer meanwhile", async () => {
      const [first, second, third] = [
        await insert({ expiresAt: EARLY - 2 }),
        await insert({ expiresAt: EARLY - 1 }),
        await insert({ expiresAt: EARLY + 1 }),
      ].map(({ kept }) => kept.id);
      const expired = await under.keptExchanges.listExpiredKept(EARLY, 10);
      expect(expired).toEqual([
        { id: first, objectKey: null },
        { id: second, objectKey: null },
      ]);
      expect(await under.keptExchanges.listExpiredKept(EARLY, 1)).toHaveLength(1);
      await under.keptExchanges.mark(project, second ?? "", "good", null);
      await under.keptExchanges.deleteExpiredKept([first ?? "", second ?? "", third ?? ""], EARLY);
      const left = [first, second, third].map(
        async (id) => (await under.keptExchanges.getKept(project, id ?? "")) === null,
      );
      expect(await Promise.all(left)).toEqual([true, false, false]);
    });

    it("shows and gives nothing to another project", async () => {
      const { kept } = await insert();
      const other = newProjectId();
      expect(await under.keptExchanges.findKept(other, NAME, 0)).toBeNull();
      expect(await under.keptExchanges.getKept(other, kept.id)).toBeNull();
      await under.keptExchanges.mark(other, kept.id, "good", null);
      expect((await find())?.state).toBe("window");
    });
  });
}
