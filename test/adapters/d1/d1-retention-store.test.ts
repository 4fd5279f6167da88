// Retention on real D1, and the fake held to the same contract. A release's lineage outlives its mistakes.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReleaseStore } from "../../../src/adapters/d1/d1-release-store.ts";
import { D1RetentionStore } from "../../../src/adapters/d1/d1-retention-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { retentionStoreContract, type RetentionUnderTest } from "../../contract/retention-store.ts";
import { InMemoryMistakeStore } from "../../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { InMemoryReleaseStore } from "../../fakes/in-memory-release-store.ts";
import { analysisOf, capturedMistake, newProjectId, releaseOf, reviewOf } from "../../fixtures/records.ts";

function onD1(): RetentionUnderTest {
  const database = openDatabase(env.DB);
  return {
    retention: new D1RetentionStore(database),
    mistakes: new D1MistakeStore(database, new InMemoryObjectStore()),
    releases: new D1ReleaseStore(database),
  };
}

retentionStoreContract("D1", onD1);

retentionStoreContract("the in-memory fake", () => {
  const mistakes = new InMemoryMistakeStore(new InMemoryObjectStore());
  return { retention: mistakes, mistakes, releases: new InMemoryReleaseStore(mistakes) };
});

it("keeps which release held which mistake", async () => {
  const { retention, mistakes, releases } = onD1();
  const [project, release] = [newProjectId(), releaseOf("")];
  const captured = capturedMistake(project);
  const { id } = captured.mistake;
  await mistakes.insertCaptured([captured]);
  await mistakes.addAnalysis(analysisOf(project, id));
  await mistakes.review(reviewOf(project, id));
  await releases.insert({ ...release, projectId: project });
  await mistakes.claimForRelease(project, release.id, 1);
  const ready = { counts: { analysis: 1, normal: 0 }, files: [], readyAt: 1, mistakeIds: [id] };
  await releases.publish(project, release.id, ready);
  await retention.deleteExpired(project, [{ type: "mistake", id, objectKey: null }]);
  expect(await mistakes.get(project, id)).toBeNull();
  const lineage = await env.DB.prepare("SELECT mistake_id FROM release_mistakes WHERE release_id = ?")
    .bind(release.id)
    .all();
  expect(lineage.results).toEqual([{ mistake_id: id }]);
});
