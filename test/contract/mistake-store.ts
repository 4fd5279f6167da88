// What every mistake store must do. Law: run on D1 and on the fake that other tests trust in its place.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore } from "../../src/lib/object-store.ts";
import { MISTAKE_KINDS, MISTAKE_SOURCES, type MistakeState } from "../../src/mistake/mistake.ts";
import type { Page, PageRequest } from "../../src/lib/page.ts";
import type { MistakeFilter, MistakeStore } from "../../src/mistake/mistake-store.ts";
import { arbitraryCapturedAttack, arbitraryCapturedMistake, HOSTILE_TEXTS } from "../fixtures/arbitrary.ts";
import {
  analysisOf,
  capturedAttack,
  capturedMistake,
  exchangeOf,
  makeTestId,
  newProjectId,
  reviewOf,
} from "../fixtures/records.ts";

export interface MistakeStoreUnderTest {
  readonly mistakes: MistakeStore;
  readonly objects: ObjectStore;
}

/** Every id of a list, page by page; fails on an endless one. */
async function walk(read: (page: PageRequest) => Promise<Page<string>>, limit: number): Promise<readonly string[]> {
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 100; pages += 1) {
    const page: Page<string> = await read({ limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seen.push(...page.items);
    cursor = page.items.at(-1) ?? null;
    if (!page.hasMore) return seen;
  }
  throw new Error("the list does not end");
}

export function mistakeStoreContract(name: string, make: () => MistakeStoreUnderTest): void {
  describe(`${name} as a mistake store`, () => {
    let store: MistakeStore;
    let objects: ObjectStore;
    let project: string;

    beforeEach(() => {
      ({ mistakes: store, objects } = make());
      project = newProjectId();
    });

    const insertMistake = async (projectId = project): Promise<string> => {
      const captured = capturedMistake(projectId);
      await store.insertCaptured([captured]);
      return captured.mistake.id;
    };

    /** A confirmed, analysed mistake. */
    const insertConfirmed = async (projectId = project): Promise<string> => {
      const id = await insertMistake(projectId);
      await store.addAnalysis(analysisOf(projectId, id));
      await store.review(reviewOf(projectId, id));
      return id;
    };

    const stateOf = async (id: string): Promise<MistakeState | undefined> =>
      (await store.get(project, id))?.mistake.state;

    const claimedBy = async (releaseId: string, projectId = project): Promise<readonly string[]> => {
      const options = { after: null, limit: 1000, includeReleased: false };
      return (await store.listClaimed(projectId, releaseId, options)).map(({ mistake }) => mistake.id);
    };

    const idsOf = async (filter: MistakeFilter, page: PageRequest): Promise<Page<string>> => {
      const { items, hasMore } = await store.list(project, filter, page);
      return { items: items.map(({ mistake }) => mistake.id), hasMore };
    };

    it("gives back whole what was captured", async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryCapturedMistake, async (any) => {
          const captured = { ...any, mistake: { ...any.mistake, id: makeTestId("mis") } };
          await store.insertCaptured([captured]);
          const { projectId, id } = captured.mistake;
          const mistake = { ...captured.mistake, exchange: "inline" in captured.exchange && captured.exchange.inline };
          expect(await store.get(projectId, id)).toEqual({ mistake, analyses: [] });
        }),
        { numRuns: 60 },
      );
    });

    it("gives back whole the attacks that were captured", async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryCapturedAttack, async (any) => {
          const captured = { ...any, attack: { ...any.attack, id: makeTestId("atk"), projectId: newProjectId() } };
          await store.insertCaptured([captured]);
          const attack = { ...captured.attack, messages: "inline" in captured.messages && captured.messages.inline };
          const page = { limit: 1, cursor: null };
          expect(await store.listAttacks(captured.attack.projectId, page)).toEqual({ items: [attack], hasMore: false });
        }),
        { numRuns: 30 },
      );
    });

    it.each([...HOSTILE_TEXTS, "a".repeat(90 * 1024), "界".repeat(30 * 1024), "\u0000".repeat(1000)])(
      "keeps hostile and long texts as they are (%#)",
      async (text) => {
        const captured = capturedMistake(project, {}, exchangeOf(text, text));
        await store.insertCaptured([captured]);
        const { id } = captured.mistake;
        await store.addAnalysis(analysisOf(project, id, { text }));
        const found = await store.get(project, id);
        expect(found?.mistake.exchange).toEqual(exchangeOf(text, text));
        expect(found?.analyses.map((analysis) => analysis.text)).toEqual([text]);
      },
    );

    it("keeps an exchange that is nested deeper than SQLite's JSON can be, and its neighbours", async () => {
      const depth = 1200;
      const nested: unknown = JSON.parse("[".repeat(depth) + "]".repeat(depth));
      const deep = capturedMistake(
        project,
        {},
        { ...exchangeOf(), messages: [{ role: "user", content: "x", nested }] },
      );
      const neighbour = capturedMistake(project);
      await store.insertCaptured([deep, neighbour]);
      expect((await idsOf({}, { limit: 10, cursor: null })).items).toHaveLength(2);
      const found = await store.get(project, deep.mistake.id);
      expect(JSON.stringify(found?.mistake.exchange.messages[0]?.["nested"])).toBe(JSON.stringify(nested));
    });

    it("reads an exchange that went to the object store", async () => {
      const exchange = exchangeOf("a long question", "界".repeat(50_000));
      const objectKey = `projects/${project}/exchange.json`;
      await objects.put(objectKey, JSON.stringify(exchange), "application/json");
      const mistake = { ...capturedMistake(project), exchange: { objectKey } };
      const attack = { ...capturedAttack(project), messages: { objectKey: `${objectKey}.attack` } };
      await objects.put(`${objectKey}.attack`, JSON.stringify(exchange.messages), "application/json");
      await store.insertCaptured([mistake, attack]);
      expect((await store.get(project, mistake.mistake.id))?.mistake.exchange).toEqual(exchange);
      expect((await store.listAttacks(project, { limit: 1, cursor: null })).items[0]?.messages).toEqual(
        exchange.messages,
      );
    });

    it("keeps what is there when the same id comes again", async () => {
      const first = capturedMistake(project);
      const attack = capturedAttack(project);
      await store.insertCaptured([first, attack]);
      await store.addAnalysis(analysisOf(project, first.mistake.id));
      await store.insertCaptured([
        { ...first, exchange: { inline: exchangeOf("another", "text") } },
        capturedMistake(project),
        attack,
        attack,
      ]);
      expect(await store.get(project, first.mistake.id)).toMatchObject({
        mistake: { state: "analysed", exchange: exchangeOf() },
        analyses: [{}],
      });
      expect((await idsOf({}, { limit: 10, cursor: null })).items).toHaveLength(2);
      expect((await store.listAttacks(project, { limit: 10, cursor: null })).items).toHaveLength(1);
    });

    it("inserts more than one statement's worth at once", async () => {
      const many = Array.from({ length: 40 }, () => capturedMistake(project, {}, exchangeOf("x", "界".repeat(20_000))));
      await store.insertCaptured(many);
      expect(await walk(async (page) => await idsOf({}, page), 50)).toHaveLength(40);
      await store.insertCaptured([]);
    });

    it("lists newest first, each once, in pages of any size", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(12), fc.integer({ min: 1, max: 6 }), async (size, limit) => {
          project = newProjectId();
          const mistakes = Array.from({ length: size }, () => capturedMistake(project));
          const attacks = Array.from({ length: size }, () => capturedAttack(project));
          await store.insertCaptured([...mistakes.toReversed(), ...attacks]);
          const newestFirst = mistakes.map(({ mistake }) => mistake.id).toReversed();
          expect(await walk(async (page) => await idsOf({}, page), limit)).toEqual(newestFirst);
          const walked = walk(async (page) => {
            const { items, hasMore } = await store.listAttacks(project, page);
            return { items: items.map(({ id }) => id), hasMore };
          }, limit);
          expect(await walked).toEqual(attacks.map(({ attack }) => attack.id).toReversed());
        }),
        { numRuns: 15 },
      );
    });

    it("filters by state, source and kind, alone and together, across pages", async () => {
      const all = MISTAKE_KINDS.flatMap((kind) =>
        MISTAKE_SOURCES.map((source) => capturedMistake(project, { kind, source, state: "captured" })),
      );
      await store.insertCaptured(all);
      const analysed = all.filter((_, index) => index % 3 === 0).map(({ mistake }) => mistake);
      for (const { id } of analysed) await store.addAnalysis(analysisOf(project, id));
      const filters: MistakeFilter[] = [
        { kind: "harmful" },
        { source: "induction" },
        { state: "analysed" },
        { kind: "leaked", source: "import" },
        { kind: "other", source: "production", state: "captured" },
        { state: "released" },
      ];
      for (const filter of filters) {
        const wanted = all
          .map(({ mistake }) => ({ ...mistake, state: analysed.includes(mistake) ? "analysed" : "captured" }))
          .filter(({ kind }) => filter.kind === undefined || filter.kind === kind)
          .filter(({ source }) => filter.source === undefined || filter.source === source)
          .filter(({ state }) => filter.state === undefined || filter.state === state)
          .map(({ id }) => id);
        expect(await walk(async (page) => await idsOf(filter, page), 2)).toEqual(wanted.toReversed());
      }
    });

    it("finds the mistakes of one completion, newest first", async () => {
      const base = capturedMistake(project).mistake.provenance;
      const of = async (completionId: string): Promise<string> => {
        const captured = capturedMistake(project, { provenance: { ...base, completionId } });
        await store.insertCaptured([captured]);
        return captured.mistake.id;
      };
      const [first, second] = [await of("chatcmpl-a"), await of("chatcmpl-a")];
      await of("chatcmpl-b");
      const withheldWrongly = { kind: "over_refusal", source: "feedback", action: "block" } as const;
      const provenance = { ...base, completionId: "chatcmpl-a" };
      await store.insertCaptured([capturedMistake(project, { ...withheldWrongly, provenance })]);
      expect(await store.idsOfCompletion(project, "chatcmpl-a", 5)).toEqual([second, first]);
      expect(await store.idsOfCompletion(project, "chatcmpl-a", 1)).toEqual([second]);
      expect(await store.idsOfCompletion(project, "chatcmpl-c", 5)).toEqual([]);
    });

    it("knows when the oldest mistake was made", async () => {
      expect(await store.firstCapturedAt(project)).toBeNull();
      const [older, newer] = [capturedMistake(project), capturedMistake(project)];
      await store.insertCaptured([newer]);
      await store.insertCaptured([older]);
      expect(await store.firstCapturedAt(project)).toBe(older.mistake.createdAt);
    });

    it("keeps analyses in order, each id once", async () => {
      const id = await insertMistake();
      const [first, second] = [analysisOf(project, id, { text: "first" }), analysisOf(project, id, { text: "second" })];
      for (const analysis of [second, first, { ...first, text: "changed" }]) await store.addAnalysis(analysis);
      expect((await store.get(project, id))?.analyses).toEqual([first, second]);
    });

    it.each([
      [["analyse"], "analysed"],
      [["confirm"], "confirmed"],
      [["dismiss"], "dismissed"],
      [["analyse", "confirm"], "confirmed"],
      [["confirm", "analyse"], "confirmed"],
      [["dismiss", "analyse"], "dismissed"],
      [["confirm", "dismiss"], "dismissed"],
      [["analyse", "dismiss", "confirm"], "confirmed"],
    ] as const)("after %j it is %s", async (steps, state) => {
      const id = await insertMistake();
      for (const step of steps) {
        if (step === "analyse") await store.addAnalysis(analysisOf(project, id));
        else expect(await store.review(reviewOf(project, id, { decision: step }))).toBe("reviewed");
      }
      expect(await stateOf(id)).toBe(state);
    });

    it("refuses to review what isn't there, and what a release has claimed", async () => {
      expect(await store.review(reviewOf(project, "mis_nothing"))).toBe("not_found");
      const id = await insertConfirmed();
      await store.claimForRelease(project, makeTestId("rel"), 10);
      expect(await store.review(reviewOf(project, id, { decision: "dismiss" }))).toBe("already_released");
      expect(await stateOf(id)).toBe("confirmed");
    });

    it("says which overrule calls an attack none, until that one is undone", async () => {
      const { attack } = capturedAttack(project);
      const messages = [{ role: "user" as const, content: "Say it." }];
      await store.insertCaptured([{ type: "attack", attack, messages: { inline: messages } }]);
      expect(await store.getAttack(project, attack.id)).toEqual({ ...attack, messages });
      expect(await store.getAttack(project, "atk_nothing")).toBeNull();
      for (const id of ["ovr_1", "ovr_2"]) await store.markOverruled(project, attack.id, id);
      await store.unmarkOverruled(project, attack.id, "ovr_1");
      expect((await store.getAttack(project, attack.id))?.overruledBy).toBe("ovr_2");
      expect((await store.listAttacks(project, { limit: 1, cursor: null })).items[0]?.overruledBy).toBe("ovr_2");
      await store.unmarkOverruled(project, attack.id, "ovr_2");
      expect(await store.getAttack(project, attack.id)).toEqual({ ...attack, messages });
    });

    it.each([
      ["captured", false, "captured"],
      ["captured", true, "analysed"],
      ["analysed", true, "analysed"],
      ["confirmed", true, "confirmed"],
    ] as const)(
      "reopens what was dismissed: %s, analysed since: %s, is %s again",
      async (before, isAnalysed, after) => {
        const id = await insertMistake();
        await store.review(reviewOf(project, id, { decision: "dismiss" }));
        if (isAnalysed) await store.addAnalysis(analysisOf(project, id));
        await store.reopen(project, id, before);
        expect(await stateOf(id)).toBe(after);
      },
    );

    it("reopens nothing that is not dismissed, or that a release holds", async () => {
      const confirmed = await insertConfirmed();
      await store.reopen(project, confirmed, "captured");
      expect(await stateOf(confirmed)).toBe("confirmed");
      await store.reopen(project, "mis_nothing", "captured");
    });

    it("claims only what is confirmed and analysed, oldest first, up to the limit", async () => {
      const confirmed = [await insertConfirmed(), await insertConfirmed(), await insertConfirmed()];
      await insertMistake();
      const analysedOnly = await insertMistake();
      await store.addAnalysis(analysisOf(project, analysedOnly));
      const confirmedOnly = await insertMistake();
      await store.review(reviewOf(project, confirmedOnly));
      const dismissed = await insertConfirmed();
      await store.review(reviewOf(project, dismissed, { decision: "dismiss" }));
      const [first, second] = [makeTestId("rel"), makeTestId("rel")];
      await store.claimForRelease(project, first, 2);
      expect(await claimedBy(first)).toEqual(confirmed.slice(0, 2));
      await store.claimForRelease(project, second, 10);
      expect(await claimedBy(second)).toEqual(confirmed.slice(2));
      expect(await claimedBy(first)).toEqual(confirmed.slice(0, 2));
    });

    it("never lets two releases claim the same mistake, at once or again", async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, async () => await insertConfirmed()));
      const releases = Array.from({ length: 4 }, () => makeTestId("rel"));
      const claims = [...releases, ...releases].map(async (id) => {
        await store.claimForRelease(project, id, 6);
      });
      await Promise.all(claims);
      const claimed = (await Promise.all(releases.map(async (id) => await claimedBy(id)))).flat();
      expect(new Set(claimed).size).toBe(claimed.length);
      expect(claimed.toSorted()).toEqual(ids.toSorted());
    });

    it("pages through what was claimed, oldest first", async () => {
      const ids = [];
      for (let index = 0; index < 5; index += 1) ids.push(await insertConfirmed());
      const releaseId = makeTestId("rel");
      await store.claimForRelease(project, releaseId, 10);
      const seen: string[] = [];
      for (let after: string | null = null; seen.length < 5; after = seen.at(-1) ?? null) {
        const page = await store.listClaimed(project, releaseId, { after, limit: 2, includeReleased: false });
        seen.push(...page.map(({ mistake }) => mistake.id));
        expect(page.every(({ analyses }) => analyses.length === 1)).toBe(true);
      }
      expect(seen).toEqual(ids);
    });

    it("holds what nobody has reviewed yet, for the first reason that is given", async () => {
      const open = await insertMistake();
      await store.hold(project, open, "contradiction");
      await store.hold(project, open, "source");
      expect(await store.get(project, open)).toMatchObject({ mistake: { quarantine: "contradiction" } });
      await store.review(reviewOf(project, open, { decision: "confirm" }));
      await store.hold(project, open, "contradiction");
      expect(await store.get(project, open)).toMatchObject({ mistake: { state: "confirmed", quarantine: null } });
    });

    it("shows and gives nothing to another project, whichever method is called", async () => {
      const other = newProjectId();
      const id = await insertConfirmed();
      const attack = capturedAttack(project);
      await store.insertCaptured([attack]);
      const before = await store.get(project, id);
      const releaseId = makeTestId("rel");
      const crossings: Readonly<Record<Exclude<keyof MistakeStore, "insertCaptured">, () => Promise<void>>> = {
        get: async () => {
          expect(await store.get(other, id)).toBeNull();
        },
        idsOfCompletion: async () => {
          expect(await store.idsOfCompletion(other, "chatcmpl-1", 10)).toEqual([]);
        },
        list: async () => {
          const page = await store.list(other, {}, { limit: 10, cursor: null });
          expect(page).toEqual({ items: [], hasMore: false });
        },
        listAttacks: async () => {
          const page = await store.listAttacks(other, { limit: 10, cursor: null });
          expect(page).toEqual({ items: [], hasMore: false });
        },
        getAttack: async () => {
          expect(await store.getAttack(other, attack.attack.id)).toBeNull();
        },
        markOverruled: async () => {
          await store.markOverruled(other, attack.attack.id, "ovr_other");
          expect((await store.getAttack(project, attack.attack.id))?.overruledBy).toBeNull();
        },
        unmarkOverruled: async () => {
          await store.markOverruled(project, attack.attack.id, "ovr_1");
          await store.unmarkOverruled(other, attack.attack.id, "ovr_1");
          expect((await store.getAttack(project, attack.attack.id))?.overruledBy).toBe("ovr_1");
        },
        hold: async () => {
          const held = await insertMistake();
          await store.hold(other, held, "contradiction");
          expect(await store.get(project, held)).toMatchObject({ mistake: { quarantine: null } });
        },
        reopen: async () => {
          const dismissed = await insertMistake();
          await store.review(reviewOf(project, dismissed, { decision: "dismiss" }));
          await store.reopen(other, dismissed, "captured");
          expect(await stateOf(dismissed)).toBe("dismissed");
        },
        addAnalysis: async () => {
          const captured = await insertMistake();
          await store.addAnalysis(analysisOf(other, captured));
          expect(await store.get(project, captured)).toMatchObject({ mistake: { state: "captured" }, analyses: [] });
        },
        review: async () => {
          expect(await store.review(reviewOf(other, id, { decision: "dismiss" }))).toBe("not_found");
        },
        firstCapturedAt: async () => {
          expect(await store.firstCapturedAt(other)).toBeNull();
        },
        claimForRelease: async () => {
          await store.claimForRelease(other, releaseId, 10);
          expect(await claimedBy(releaseId)).toEqual([]);
        },
        listClaimed: async () => {
          await store.claimForRelease(project, releaseId, 10);
          expect(await claimedBy(releaseId, other)).toEqual([]);
          expect(await claimedBy(releaseId)).toEqual([id]);
        },
      };
      for (const cross of Object.values(crossings)) await cross();
      expect(await store.get(project, id)).toEqual(before);
    });
  });
}
