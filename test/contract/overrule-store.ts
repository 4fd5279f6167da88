// What every overrule store must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import type { AuditEntry } from "../../src/access/audit.ts";
import { type Allowance, allowanceSchema } from "../../src/policy/allowance-schema.ts";
import type { Overrule } from "../../src/policy/overrule.ts";
import type { OverruleStore } from "../../src/policy/overrule-store.ts";
import { HOSTILE_TEXTS } from "../fixtures/arbitrary.ts";
import { makeTestId, newProjectId, ticking } from "../fixtures/records.ts";

export interface OverruleStoreUnderTest {
  readonly overrules: OverruleStore;
  readonly auditOf: (projectId: string) => Promise<readonly AuditEntry[]>;
}

function allowancesOf(id: string): readonly Allowance[] {
  return [
    allowanceSchema.parse({ id, guardrail: "operator-rules", rule: "refund", phrase: "全额 refund" }),
    allowanceSchema.parse({ id, categories: ["S1"], prompt_hash: "a".repeat(64), key_ids: ["key_1"], expires_at: 9 }),
  ];
}

export function overruleOf(projectId: string, changes: Partial<Overrule> = {}): Overrule {
  const id = makeTestId("ovr");
  const createdAt = ticking();
  return {
    ...{
      id,
      projectId,
      subjectId: "mis_1",
      scope: "phrase",
      allowances: allowancesOf(id),
      comment: "It was harmless.",
    },
    ...{ subjectState: "analysed", mistakeId: "mis_2", keyId: "key_1", createdAt, expiresAt: createdAt + 1_000_000 },
    ...{ revertedAt: null, revertedBy: null, ...changes },
  };
}

function entryOf(projectId: string, event: AuditEntry["event"] = "overrule_created"): AuditEntry {
  const id = makeTestId("aud");
  return { id, projectId, keyId: "key_1", event, subject: "ovr_1", details: { scope: "rule" }, createdAt: ticking() };
}

export function overruleStoreContract(name: string, make: () => OverruleStoreUnderTest): void {
  describe(`${name} as an overrule store`, () => {
    let { overrules, auditOf }: OverruleStoreUnderTest = make();
    let project = newProjectId();

    beforeEach(() => {
      ({ overrules, auditOf } = make());
      project = newProjectId();
    });

    const insert = async (changes: Partial<Overrule> = {}, most = 500): Promise<Overrule> => {
      const overrule = overruleOf(project, changes);
      expect(await overrules.insertOverrule(overrule, most, entryOf(project))).toBe("inserted");
      return overrule;
    };
    const revert = async (id: string, projectId = project): Promise<boolean> =>
      await overrules.revertOverrule(
        { projectId, id, keyId: "key_2", at: ticking() },
        entryOf(projectId, "overrule_reverted"),
      );

    it("gives back whole what was made, with its entry in the audit", async () => {
      for (const comment of HOSTILE_TEXTS) {
        const overrule = await insert({ comment });
        expect(await overrules.getOverrule(project, overrule.id)).toEqual(overrule);
      }
      const attack = await insert({ subjectState: null, mistakeId: null });
      expect(await overrules.getOverrule(project, attack.id)).toEqual(attack);
      expect(await auditOf(project)).toHaveLength(HOSTILE_TEXTS.length + 1);
      expect(await overrules.getOverrule(project, "ovr_nothing")).toBeNull();
    });

    it("knows what is allowed now: nothing that is over or reverted", async () => {
      const [first, over, reverted, last] = [
        await insert(),
        await insert({ expiresAt: ticking() }),
        await insert(),
        await insert(),
      ];
      expect(await revert(reverted.id)).toBe(true);
      expect(await overrules.activeAllowances(project, over.expiresAt)).toEqual([
        ...first.allowances,
        ...last.allowances,
      ]);
      expect(await overrules.activeAllowances(project, over.expiresAt - 1)).toHaveLength(6);
      expect(await overrules.activeAllowances(project, last.expiresAt)).toEqual([]);
    });

    it("keeps no more than the most that hold, and no entry of one that it did not keep", async () => {
      const first = await insert({}, 2);
      await insert({ expiresAt: ticking() }, 2);
      await insert({}, 2);
      const tooMany = overruleOf(project);
      expect(await overrules.insertOverrule(tooMany, 2, entryOf(project))).toBe("too_many");
      expect(await overrules.getOverrule(project, tooMany.id)).toBeNull();
      expect(await auditOf(project)).toHaveLength(3);
      await revert(first.id);
      await insert({}, 2);
    });

    it("is reverted once", async () => {
      const overrule = await insert();
      expect(await revert(overrule.id)).toBe(true);
      const reverted = await overrules.getOverrule(project, overrule.id);
      expect(reverted).toMatchObject({ ...overrule, revertedBy: "key_2", revertedAt: reverted?.revertedAt ?? -1 });
      expect(reverted?.revertedAt).toBeGreaterThan(overrule.createdAt);
      expect(await revert(overrule.id)).toBe(false);
      expect(await overrules.getOverrule(project, overrule.id)).toEqual(reverted);
      expect((await auditOf(project)).map(({ event }) => event).toSorted()).toEqual([
        "overrule_created",
        "overrule_reverted",
      ]);
      expect(await revert("ovr_nothing")).toBe(false);
    });

    it("finds the newest of an exchange that was not reverted", async () => {
      const [older, newer] = [await insert({ subjectId: "atk_1" }), await insert({ subjectId: "atk_1" })];
      await insert({ subjectId: "atk_2" });
      expect((await overrules.latestOf(project, "atk_1"))?.id).toBe(newer.id);
      await revert(newer.id);
      expect((await overrules.latestOf(project, "atk_1"))?.id).toBe(older.id);
      await revert(older.id);
      expect(await overrules.latestOf(project, "atk_1")).toBeNull();
    });

    it("lists newest first, in pages", async () => {
      const made = [await insert(), await insert(), await insert()].map(({ id }) => id);
      const first = await overrules.listOverrules(project, { limit: 2, cursor: null });
      const ids = first.items.map(({ id }) => id);
      expect([ids, first.hasMore]).toEqual([[made[2], made[1]], true]);
      const second = await overrules.listOverrules(project, { limit: 2, cursor: ids[1] ?? null });
      expect([second.items.map(({ id }) => id), second.hasMore]).toEqual([[made[0]], false]);
    });

    it("shows and gives nothing to another project", async () => {
      const { id, createdAt, subjectId } = await insert();
      const other = newProjectId();
      expect(await overrules.getOverrule(other, id)).toBeNull();
      expect(await overrules.latestOf(other, subjectId)).toBeNull();
      expect(await overrules.listOverrules(other, { limit: 9, cursor: null })).toEqual({ items: [], hasMore: false });
      expect(await overrules.activeAllowances(other, createdAt)).toEqual([]);
      expect(await revert(id, other)).toBe(false);
      expect(await overrules.activeAllowances(project, createdAt)).toHaveLength(2);
      expect(await auditOf(other)).toEqual([]);
    });
  });
}
