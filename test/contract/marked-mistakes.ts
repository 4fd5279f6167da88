// What every store of clusters must do with marks that another consumer, or an older look, brought. Law: run on D1 and on the fake.
import { beforeEach, describe, expect, it } from "vitest";
import { clusterIdOf } from "../../src/mistake/cluster.ts";
import { bandsOf } from "../../src/mistake/min-hash.ts";
import type { Mistake } from "../../src/mistake/mistake.ts";
import { variantOf } from "../fixtures/near-duplicates.ts";
import { capturedAttack, capturedMistake, newProjectId, type CapturedMistake } from "../fixtures/records.ts";
import type { ClusterStoreUnderTest } from "./cluster-store.ts";

export function markedMistakesContract(name: string, make: () => ClusterStoreUnderTest): void {
  describe(`${name} as a store of marked mistakes`, () => {
    let stores: ClusterStoreUnderTest;
    let project: string;
    const made = (topic: number): CapturedMistake => capturedMistake(project, {}, variantOf(topic, 0));
    const stored = async (): Promise<readonly Mistake[]> =>
      (await stores.mistakes.list(project, {}, { limit: 100, cursor: null })).items.map(({ mistake }) => mistake);

    beforeEach(() => {
      stores = make();
      project = newProjectId();
    });

    it("lists a mistake and an attack whose texts are gone, and what is beside them", async () => {
      const [whole, gone, attack] = [made(0), made(1), capturedAttack(project)];
      const objectKey = "projects/gone";
      await stores.mistakes.insertCaptured([
        whole,
        { ...gone, exchange: { objectKey } },
        { ...attack, messages: { objectKey } },
      ]);
      const found = new Map((await stored()).map(({ id, exchange }) => [id, exchange]));
      expect(found.get(gone.mistake.id)).toEqual({ messages: [], answer: { role: "assistant", content: "" } });
      expect({ inline: found.get(whole.mistake.id) }).toEqual(whole.exchange);
      const { items } = await stores.mistakes.listAttacks(project, { limit: 10, cursor: null });
      expect(items.map(({ messages }) => messages)).toEqual([[]]);
    });

    it("leads by a band that several have to the latest of them", async () => {
      const known = async (sketch: string): Promise<readonly string[]> => {
        const asked = { id: "mis_asked", projectId: project, contentHash: "asked", bands: bandsOf(project, sketch) };
        return (await stores.clusters.look([asked], [])).leaders.map(({ clusterId }) => clusterId);
      };
      const sketches = ["B", "C"].map((rest) => `${"A".repeat(8)}${rest.repeat(120)}`);
      const ids: string[] = [];
      for (const [place, sketch] of sketches.entries()) {
        const captured = made(place);
        const clusterId = clusterIdOf(captured.mistake.id);
        const mark = { contentHash: `${place}`, sketch, counters: [] };
        await stores.mistakes.insertCaptured([{ ...captured, mistake: { ...captured.mistake, clusterId }, mark }]);
        ids.push(clusterId);
      }
      expect(await known(`${"A".repeat(8)}${"D".repeat(120)}`)).toEqual(ids.slice(1));
      expect((await known(sketches[0] ?? "")).toSorted()).toEqual(ids.toSorted());
    });

    it("stores a recurrence that is free of one that is held, though the held one comes again with it", async () => {
      const [first, second] = [made(0), made(0)];
      const mark = { contentHash: "same", sketch: "A".repeat(128), counters: [] };
      const clusterId = clusterIdOf(first.mistake.id);
      const marked = ({ mistake, ...rest }: CapturedMistake, quarantine: "cap" | null): CapturedMistake => ({
        ...rest,
        ...{
          mistake: { ...mistake, clusterId, quarantine, provenance: { ...mistake.provenance, endUser: null } },
          mark,
        },
      });
      await stores.mistakes.insertCaptured([marked(first, "cap")]);
      // Another consumer saw the first one before it was held.
      await stores.mistakes.insertCaptured([marked(first, null), marked(second, null)]);
      expect((await stored()).map(({ id, quarantine }) => [id, quarantine]).toSorted()).toEqual(
        [
          [first.mistake.id, "cap"],
          [second.mistake.id, null],
        ].toSorted(),
      );
      expect([...(await stores.clusters.sizes(project, [clusterId])).values()]).toEqual([2]);
    });
  });
}
