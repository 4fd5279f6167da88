// Clusters on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1ClusterStore } from "../../../src/adapters/d1/d1-cluster-store.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1RetentionStore } from "../../../src/adapters/d1/d1-retention-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { insertCapturedStatements } from "../../../src/adapters/d1/insert-captured.ts";
import { DEFAULT_POISONING_POLICY } from "../../../src/policy/poisoning-policy.ts";
import { clusterStoreContract, type ClusterStoreUnderTest } from "../../contract/cluster-store.ts";
import { markedMistakesContract } from "../../contract/marked-mistakes.ts";
import { InMemoryMistakeStore } from "../../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { ObservedDatabase } from "../../fakes/observed-database.ts";
import { capturesInto } from "../../fakes/poisoning.ts";
import { variantOf } from "../../fixtures/near-duplicates.ts";
import { capturedMistake, newProjectId } from "../../fixtures/records.ts";

const database = openDatabase(env.DB);

const onD1 = (): ClusterStoreUnderTest => ({
  mistakes: new D1MistakeStore(database, new InMemoryObjectStore()),
  clusters: new D1ClusterStore(database),
  retention: new D1RetentionStore(database),
});
const inMemory = (): ClusterStoreUnderTest => {
  const mistakes = new InMemoryMistakeStore(new InMemoryObjectStore());
  return { mistakes, clusters: mistakes.clusters, retention: mistakes };
};

for (const contract of [clusterStoreContract, markedMistakesContract]) {
  contract("D1", onD1);
  contract("the in-memory fake", inMemory);
}

it("asks the database twice for a batch, of any size, once more where something joins a cluster, with the same few statements", async () => {
  const far = new ObservedDatabase(env.DB);
  const mistakes = new D1MistakeStore(openDatabase(far.binding), new InMemoryObjectStore());
  const captures = capturesInto(
    { mistakes, clusters: new D1ClusterStore(openDatabase(far.binding)) },
    DEFAULT_POISONING_POLICY,
  );
  const project = newProjectId();
  for (const [size, calls] of [
    [2, 2],
    [50, 3],
  ] as const) {
    const batch = Array.from({ length: size }, (_, index) => capturedMistake(project, {}, variantOf(index, index)));
    far.calls = 0;
    await captures.insertCaptured(batch);
    expect(far.calls).toBe(calls);
    const marked = batch.map((captured) => ({
      ...captured,
      mistake: { ...captured.mistake, clusterId: `clu_${captured.mistake.id.slice(4)}` },
      mark: { contentHash: captured.mistake.id, sketch: "A".repeat(128), counters: [] },
    }));
    expect(insertCapturedStatements(database, marked)).toHaveLength(4);
  }
});

it("finds what it looks for along an index", async () => {
  const plans = [
    "SELECT cluster_id FROM mistakes WHERE project_id = 'p' AND content_hash = 'h' AND cluster_id IS NOT NULL",
    "SELECT id FROM mistakes WHERE project_id = 'p' AND cluster_id = 'c' ORDER BY id DESC LIMIT 9",
    "SELECT id FROM mistakes WHERE project_id = 'p' AND quarantine = 'cap' ORDER BY id DESC LIMIT 9",
    "SELECT id FROM clusters WHERE project_id = 'p' AND size > 1 ORDER BY size DESC, id DESC LIMIT 9",
    "SELECT id FROM clusters WHERE project_id = 'p' AND size > 1 AND id < 'c' ORDER BY id DESC LIMIT 9",
    "DELETE FROM recurrences WHERE mistake_id IN (SELECT value FROM json_each('[]'))",
    "DELETE FROM capture_counts WHERE start_minute < 5",
  ];
  for (const plan of plans) {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${plan}`).all<{ detail: string }>();
    const details = results.map(({ detail }) => detail).join("; ");
    expect(details).toMatch(/SEARCH \w+ USING (COVERING )?INDEX/);
    expect(details).not.toMatch(/SCAN (mistakes|clusters|recurrences|capture_counts)|TEMP B-TREE/);
  }
});
