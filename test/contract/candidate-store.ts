// What every store of candidates must do. Law: run on D1 and on the fake that the coverage matrix trusts in its place.
import { describe, expect, it } from "vitest";
import type { AuditEvent } from "../../src/access/audit.ts";
import type { UsageBatch } from "../../src/access/usage.ts";
import type { CandidateChange, CandidateStore } from "../../src/release/candidate-store.ts";
import type { Candidate } from "../../src/release/candidate.ts";
import { candidateOf } from "../fixtures/candidates.ts";
import { entryOf } from "../fixtures/policies.ts";
import { makeTestId, newProjectId } from "../fixtures/records.ts";

export interface CandidateStoreUnderTest {
  readonly store: CandidateStore;
  /** of the project's entries in the audit */
  readonly events: (projectId: string) => Promise<readonly string[]>;
  readonly add: (batches: readonly UsageBatch[]) => Promise<void>;
}

export function candidateStoreContract(name: string, under: CandidateStoreUnderTest): void {
  describe(`${name} as a store of candidates`, () => {
    async function insert(projectId: string, changes: Partial<Candidate> = {}): Promise<Candidate> {
      const candidate = candidateOf(projectId, changes);
      await under.store.insertCandidate(candidate, entryOf(projectId, { event: "candidate_registered" }));
      return candidate;
    }

    async function change(
      { projectId, id }: Candidate,
      to: CandidateChange["to"],
      from: CandidateChange["from"] = ["registered"],
      event: AuditEvent = "canary_started",
    ): Promise<boolean> {
      return await under.store.changeCandidate({ projectId, id, from, to }, entryOf(projectId, { event }));
    }

    async function eventsOf(projectId: string): Promise<readonly string[]> {
      return (await under.events(projectId)).toSorted();
    }

    it("gives back what was registered, newest first, and to no other project", async () => {
      const project = newProjectId();
      const [first, second] = [await insert(project), await insert(project, { model: null, releaseId: "rel_1" })];
      expect(await under.store.getCandidate(project, first.id)).toEqual(first);
      expect(await under.store.getCandidate(project, second.id)).toEqual(second);
      const { items, hasMore } = await under.store.listCandidates(project, { limit: 1, cursor: null });
      expect([items, hasMore]).toEqual([[second], true]);
      expect((await under.store.listCandidates(project, { limit: 1, cursor: second.id })).items).toEqual([first]);
      const other = newProjectId();
      expect(await under.store.getCandidate(other, first.id)).toBeNull();
      expect((await under.store.listCandidates(other, { limit: 9, cursor: null })).items).toEqual([]);
      expect(await change({ ...first, projectId: other }, { state: "canary" })).toBe(false);
    });

    it("lets one candidate of a project be in its canary, and writes down only what was changed", async () => {
      const project = newProjectId();
      const [first, second] = [await insert(project), await insert(project)];
      const [elsewhere] = [await insert(newProjectId())];
      expect(await change(first, { state: "canary", share: 0.1, startedAt: 5 })).toBe(true);
      expect(await change(second, { state: "canary", share: 0.1 })).toBe(false);
      expect(await change(elsewhere, { state: "canary", share: 0.1 })).toBe(true);
      expect(await eventsOf(project)).toEqual(["canary_started", "candidate_registered", "candidate_registered"]);
      expect((await under.store.inUse(project)).canary).toEqual({
        ...first,
        state: "canary",
        share: 0.1,
        startedAt: 5,
      });
      const running = (await under.store.listCanaries(1_000)).map(({ id }) => id);
      expect(running).toContain(first.id);
      expect(running).toContain(elsewhere.id);
      expect(running).not.toContain(second.id);
      expect(await change(first, { state: "rolled_back" }, ["canary"], "candidate_rolled_back")).toBe(true);
      expect(await change(first, { state: "promoted" }, ["canary"], "candidate_promoted")).toBe(false);
      expect(await change(second, { state: "canary", share: 0.2 })).toBe(true);
    });

    it("knows which was promoted last, and before it", async () => {
      const project = newProjectId();
      const [first, second] = [await insert(project), await insert(project)];
      expect(await under.store.inUse(project)).toEqual({ promoted: null, canary: null });
      await change(second, { state: "promoted", decidedAt: 1 }, ["registered"], "candidate_promoted");
      await change(first, { state: "promoted", decidedAt: 2 }, ["registered"], "candidate_promoted");
      expect((await under.store.inUse(project)).promoted?.id).toBe(first.id);
      await change(first, { state: "rolled_back", decidedAt: 3 }, ["promoted"], "candidate_rolled_back");
      expect((await under.store.inUse(project)).promoted?.id).toBe(second.id);
    });

    it("counts trials batch by batch, each once", async () => {
      const project = newProjectId();
      const { id: candidateId } = await insert(project);
      const counted = { projectId: project, candidateId, arm: "candidate" } as const;
      const trials = [
        { ...counted, outcome: "request", count: 3 },
        { ...counted, outcome: "flagged", count: 1 },
      ] as const;
      const batch = { id: makeTestId("use"), usage: [], outcomes: [], trials };
      await under.add([batch]);
      await under.add([batch, { ...batch, id: makeTestId("use") }]);
      expect(await under.store.trialCounts(project, candidateId)).toEqual({
        incumbent: { request: 0, flagged: 0, refused: 0, error: 0 },
        candidate: { request: 6, flagged: 2, refused: 0, error: 0 },
      });
      expect((await under.store.trialCounts(newProjectId(), candidateId)).candidate.request).toBe(0);
    });
  });
}
