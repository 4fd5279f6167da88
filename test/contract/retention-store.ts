// What every retention store must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import { createMakeId } from "../../src/lib/ids.ts";
import type { MistakeStore } from "../../src/mistake/mistake-store.ts";
import type { RetentionStore, Whose } from "../../src/mistake/retention-store.ts";
import type { ReleaseStore } from "../../src/release/release-store.ts";
import {
  analysisOf,
  capturedAttack,
  capturedMistake,
  exchangeOf,
  newProjectId,
  releaseOf,
  reviewOf,
} from "../fixtures/records.ts";

export interface RetentionUnderTest {
  readonly retention: RetentionStore;
  readonly mistakes: MistakeStore;
  readonly releases: ReleaseStore;
}

/** Everything before this moment is old. */
const LIMIT = 1_700_000_000_000;
const DAY = 86_400_000;

const at = (time: number) =>
  createMakeId(
    () => time,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  );

export function retentionStoreContract(name: string, make: () => RetentionUnderTest): void {
  describe(`${name} as a retention store`, () => {
    let retention: RetentionStore;
    let mistakes: MistakeStore;
    let releases: ReleaseStore;
    let project: string;

    beforeEach(() => {
      ({ retention, mistakes, releases } = make());
      project = newProjectId();
    });

    const insert = async (time: number): Promise<{ readonly mistake: string; readonly attack: string }> => {
      const [mistake, attack] = [at(time)("mis"), at(time)("atk")];
      await mistakes.insertCaptured([
        capturedMistake(project, { id: mistake, createdAt: time }),
        capturedAttack(project, { id: attack, createdAt: time }),
      ]);
      return { mistake, attack };
    };

    it("lists what is older, mistakes and attacks, and nothing of another project", async () => {
      const old = await insert(LIMIT - DAY);
      await insert(LIMIT);
      expect(await retention.listExpired(project, LIMIT, 10)).toEqual([
        { type: "mistake", id: old.mistake, objectKey: null },
        { type: "attack", id: old.attack, objectKey: null },
      ]);
      expect(await retention.listExpired(project, LIMIT, 1)).toHaveLength(1);
      expect(await retention.listExpired(newProjectId(), LIMIT, 10)).toEqual([]);
    });

    it("lists what is one key's, or all but some keys'", async () => {
      const { provenance } = capturedMistake(project).mistake;
      const ids = new Map<string | null, string>();
      for (const keyId of ["key_a", "key_b", null]) {
        const [id, attackId] = [at(LIMIT - DAY)("mis"), at(LIMIT - DAY)("atk")];
        const mistake = capturedMistake(project, { id, provenance: { ...provenance, keyId } });
        const attack = capturedAttack(project, { id: attackId, keyId: keyId ?? "key_c" });
        await mistakes.insertCaptured([mistake, attack]);
        ids.set(keyId, id).set(`attack of ${keyId ?? "key_c"}`, attackId);
      }
      const found = async (...whose: readonly Whose[]): Promise<readonly (string | undefined)[]> =>
        (await retention.listExpired(project, LIMIT, 10, ...whose)).map(({ id }) => id).toSorted();
      const of = (...names: readonly (string | null)[]) => names.map((name) => ids.get(name)).toSorted();
      expect(await found({ key: "key_a" })).toEqual(of("key_a", "attack of key_a"));
      expect(await found({ key: "key_none" })).toEqual([]);
      expect(await found({ notOf: ["key_a", "key_none"] })).toEqual(
        of("key_b", null, "attack of key_b", "attack of key_c"),
      );
      expect(await found()).toHaveLength(6);
      expect(await retention.listExpired(project, LIMIT - 2 * DAY, 10, { key: "key_a" })).toEqual([]);
      expect(await retention.listExpired(newProjectId(), LIMIT, 10, { key: "key_a" })).toEqual([]);
    });

    it("names the object that holds an exchange", async () => {
      const captured = capturedMistake(project, { id: at(LIMIT - DAY)("mis") }, exchangeOf());
      await mistakes.insertCaptured([{ ...captured, exchange: { objectKey: "projects/p/mistakes/m.json" } }]);
      expect(await retention.listExpired(project, LIMIT, 10)).toMatchObject([
        { objectKey: "projects/p/mistakes/m.json" },
      ]);
    });

    it("deletes them with what belongs to them, and nothing else", async () => {
      const [old, young] = [await insert(LIMIT - DAY), await insert(LIMIT)];
      for (const id of [old.mistake, young.mistake]) {
        await mistakes.addAnalysis(analysisOf(project, id));
        await mistakes.review(reviewOf(project, id));
      }
      await retention.deleteExpired(project, await retention.listExpired(project, LIMIT, 10));
      expect(await mistakes.get(project, old.mistake)).toBeNull();
      expect((await mistakes.get(project, young.mistake))?.analyses).toHaveLength(1);
      const attacks = await mistakes.listAttacks(project, { limit: 10, cursor: null });
      expect(attacks.items.map(({ id }) => id)).toEqual([young.attack]);
      // A second delivery of the same mistake finds no analysis of the first.
      await mistakes.insertCaptured([capturedMistake(project, { id: old.mistake })]);
      expect((await mistakes.get(project, old.mistake))?.analyses).toEqual([]);
    });

    it("deletes nothing of another project", async () => {
      const old = await insert(LIMIT - DAY);
      const expired = await retention.listExpired(project, LIMIT, 10);
      await retention.deleteExpired(newProjectId(), expired);
      expect(await mistakes.get(project, old.mistake)).not.toBeNull();
    });

    it("leaves what a release is being built from, and takes it once it is released", async () => {
      const { mistake } = await insert(LIMIT - DAY);
      await mistakes.addAnalysis(analysisOf(project, mistake));
      await mistakes.review(reviewOf(project, mistake));
      const expired = await retention.listExpired(project, LIMIT, 10);
      const release = releaseOf(project);
      await releases.insert(release);
      await mistakes.claimForRelease(project, release.id, 10);
      expect((await retention.listExpired(project, LIMIT, 10)).map(({ type }) => type)).toEqual(["attack"]);
      await retention.deleteExpired(project, expired);
      expect((await mistakes.get(project, mistake))?.analyses).toHaveLength(1);
      const counts = { analysis: 1, normal: 0 };
      await releases.publish(project, release.id, { counts, files: [], readyAt: 1, mistakeIds: [mistake] });
      expect(await retention.listExpired(project, LIMIT, 10)).toMatchObject([{ id: mistake }]);
    });
  });
}
