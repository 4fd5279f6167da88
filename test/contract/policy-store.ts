// What every policy store and audit store must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import type { AuditStore } from "../../src/access/audit-store.ts";
import type { PolicyStore } from "../../src/policy/policy-store.ts";
import { entryOf, policyOf } from "../fixtures/policies.ts";
import { newProjectId } from "../fixtures/records.ts";

const ALL = { limit: 100, cursor: null };

export function policyStoreContract(
  name: string,
  make: () => { readonly policies: PolicyStore; readonly audit: AuditStore },
): void {
  describe(`${name} as a policy store`, () => {
    let policies: PolicyStore;
    let audit: AuditStore;
    let projectId: string;

    beforeEach(() => {
      ({ policies, audit } = make());
      projectId = newProjectId();
    });

    it("gives back every field as it was, and counts the versions of a name", async () => {
      const first = policyOf(projectId, { canaries: ["don't «say» this"] });
      const other = policyOf(projectId, {}, { name: "other" });
      const second = policyOf(projectId);
      expect(await policies.insertPolicy(first, null, [])).toEqual({ ...first, version: 1 });
      expect((await policies.insertPolicy(other, null, [])).version).toBe(1);
      expect((await policies.insertPolicy(second, null, [])).version).toBe(2);
      expect(await policies.getPolicy(projectId, first.id)).toEqual({ ...first, version: 1 });
      expect(await policies.countPolicies(projectId)).toBe(3);
    });

    it("never changes a policy", async () => {
      const policy = policyOf(projectId);
      await policies.insertPolicy(policy, null, []);
      await expect(policies.insertPolicy({ ...policy, name: "taken" }, null, [])).rejects.toThrow();
      expect(await policies.getPolicy(projectId, policy.id)).toEqual({ ...policy, version: 1 });
    });

    it("lists newest first, page by page", async () => {
      const made = [policyOf(projectId), policyOf(projectId), policyOf(projectId)];
      for (const policy of made) await policies.insertPolicy(policy, null, []);
      const ids = made.map(({ id }) => id).toReversed();
      const first = await policies.listPolicies(projectId, { limit: 2, cursor: null });
      expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
      expect(first.hasMore).toBe(true);
      const rest = await policies.listPolicies(projectId, { limit: 2, cursor: ids[1] ?? null });
      expect(rest).toMatchObject({ items: [{ id: ids[2] }], hasMore: false });
    });

    it("knows who goes by which, and goes back", async () => {
      expect(await policies.choicesOf(projectId)).toEqual({ forProject: null, forKeys: new Map(), monitor: false });
      const policy = policyOf(projectId);
      await policies.insertPolicy(policy, { projectId, keyId: null, policyId: policy.id }, []);
      await policies.assign({ projectId, keyId: "key_1", policyId: "pol_a" }, entryOf(projectId));
      await policies.assign({ projectId, keyId: "key_1", policyId: "pol_b" }, entryOf(projectId));
      expect(await policies.choicesOf(projectId)).toEqual({
        forProject: policy.id,
        forKeys: new Map([["key_1", "pol_b"]]),
        monitor: false,
      });
      await policies.assign({ projectId, keyId: null, policyId: null }, entryOf(projectId));
      await policies.assign({ projectId, keyId: "key_1", policyId: null }, entryOf(projectId));
      expect(await policies.choicesOf(projectId)).toMatchObject({ forProject: null, forKeys: new Map() });
    });

    it("switches to monitor and back, however often", async () => {
      for (const monitor of [true, true, false, false]) {
        await policies.switchMonitor(projectId, monitor, entryOf(projectId));
        expect((await policies.choicesOf(projectId)).monitor).toBe(monitor);
      }
    });

    it("keeps an entry of every change, newest first", async () => {
      const entries = [1, 2, 3, 4].map((subject) => entryOf(projectId, { subject: `pol_${subject}` }));
      const [made, activated, assigned, switched] = entries;
      if (!made || !activated || !assigned || !switched) throw new Error("four entries");
      await policies.insertPolicy(policyOf(projectId), null, [made, activated]);
      await policies.assign({ projectId, keyId: null, policyId: "pol_1" }, assigned);
      await policies.switchMonitor(projectId, true, switched);
      expect(await audit.listAudit(projectId, ALL)).toEqual({ items: entries.toReversed(), hasMore: false });
      expect((await audit.listAudit(projectId, { limit: 1, cursor: switched.id })).items).toEqual([assigned]);
    });

    it("knows how long the policies of projects and keys keep things", async () => {
      const [kept, forever] = [policyOf(projectId, { retention_days: 30 }), policyOf(newProjectId())];
      const ofKey = policyOf(newProjectId(), { retention_days: 1 });
      for (const policy of [kept, forever]) {
        await policies.insertPolicy(policy, { projectId: policy.projectId, keyId: null, policyId: policy.id }, []);
      }
      await policies.insertPolicy(ofKey, { projectId: ofKey.projectId, keyId: "key_1", policyId: ofKey.id }, []);
      const periods = await policies.retentionPeriods();
      expect(periods).toContainEqual({ projectId, keyId: null, days: 30 });
      expect(periods).toContainEqual({ projectId: forever.projectId, keyId: null, days: null });
      expect(periods.filter((period) => period.projectId === ofKey.projectId)).toEqual([
        { projectId: ofKey.projectId, keyId: "key_1", days: 1 },
      ]);
    });

    it("shows nothing of another project", async () => {
      const policy = policyOf(projectId);
      const entry = entryOf(projectId);
      await policies.insertPolicy(policy, { projectId, keyId: null, policyId: policy.id }, [entry]);
      await policies.switchMonitor(projectId, true, entryOf(projectId));
      const other = newProjectId();
      expect(await policies.getPolicy(other, policy.id)).toBeNull();
      expect((await policies.listPolicies(other, ALL)).items).toEqual([]);
      expect(await policies.countPolicies(other)).toBe(0);
      expect(await policies.choicesOf(other)).toEqual({ forProject: null, forKeys: new Map(), monitor: false });
      expect((await audit.listAudit(other, ALL)).items).toEqual([]);
      expect((await policies.insertPolicy(policyOf(other), null, [])).version).toBe(1);
    });
  });
}
