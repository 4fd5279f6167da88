// Feedback on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1FeedbackStore } from "../../../src/adapters/d1/d1-feedback-store.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { recurrences } from "../../../src/db/cluster-tables.ts";
import { feedbackStoreContract } from "../../contract/feedback-store.ts";
import { ObservedDatabase } from "../../fakes/observed-database.ts";
import { InMemoryFeedbackStore } from "../../fakes/in-memory-feedback-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { capturedMistake, feedbackOf, makeTestId, newProjectId } from "../../fixtures/records.ts";

feedbackStoreContract("D1", () => new D1FeedbackStore(openDatabase(env.DB)));
feedbackStoreContract("the in-memory fake", () => new InMemoryFeedbackStore());

it("keeps old feedback with its mistake, or with what that one repeats, and with no other", async () => {
  const database = openDatabase(env.DB);
  const [store, mistakes] = [new D1FeedbackStore(database), new D1MistakeStore(database, new InMemoryObjectStore())];
  const project = newProjectId();
  const stored = capturedMistake(project);
  const again = makeTestId("mis");
  await mistakes.insertCaptured([stored]);
  const { id: mistakeId } = stored.mistake;
  await database.insert(recurrences).values({ id: again, projectId: project, mistakeId, createdAt: 1 });
  const subjects = [mistakeId, again, makeTestId("mis"), null];
  for (const [place, named] of subjects.entries()) {
    await store.record(feedbackOf(project, { mistakeId: named, subject: String(place).repeat(16) }), null);
  }
  expect(await store.deleteExpiredFeedback(project, Date.UTC(9999, 0), 10)).toBe(2);
  const { items } = await store.list(project, {}, { limit: 9, cursor: null });
  expect(items.map((item) => item.mistakeId).toReversed()).toEqual([mistakeId, again]);
});

it("finds what was said of a subject without walking the project's other feedback", async () => {
  const observed = new ObservedDatabase(env.DB);
  const store = new D1FeedbackStore(openDatabase(observed.binding));
  const project = newProjectId();
  const given = feedbackOf(project);
  await store.record(given, null);
  await store.known(project, given.subject, "ending");
  const asked = [...observed.queries].filter((query) => query.includes('"subject" = ?'));
  expect(asked.length).toBeGreaterThan(1);
  for (const query of asked) {
    const parameters = Array.from({ length: query.split("?").length - 1 }, () => null);
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${query}`)
      .bind(...parameters)
      .all<{ detail: string }>();
    const walks = results.map(({ detail }) => detail).filter((detail) => /\(project_id=\?\)/.test(detail));
    expect(walks, query).toEqual([]);
  }
});
