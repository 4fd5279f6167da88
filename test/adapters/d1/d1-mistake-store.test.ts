// The mistake store on real D1 and R2, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { reviews } from "../../../src/db/mistake-tables.ts";
import { errorMessage } from "../../../src/lib/error-message.ts";
import { plainReview } from "../../../src/mistake/review.ts";
import { mistakeStoreContract } from "../../contract/mistake-store.ts";
import { InMemoryMistakeStore } from "../../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { analysisOf, capturedMistake, exchangeOf, newProjectId, reviewOf } from "../../fixtures/records.ts";

const database = openDatabase(env.DB);
const objects = new R2ObjectStore(env.OBJECTS);
const mistakes = new D1MistakeStore(database, objects);

mistakeStoreContract("D1", () => ({ mistakes, objects }));

it("keeps a review and its effect together, or neither", async () => {
  const project = newProjectId();
  const captured = capturedMistake(project);
  const id = captured.mistake.id;
  await mistakes.insertCaptured([captured]);
  const reviewsOf = async (): Promise<readonly unknown[]> =>
    await database.select().from(reviews).where(eq(reviews.mistakeId, id));
  await expect(mistakes.review(reviewOf(project, id, { createdAt: Number.NaN }))).rejects.toThrow();
  expect(await mistakes.get(project, id)).toMatchObject({ mistake: { state: "captured" } });
  const review = reviewOf(project, id, { comment: "不好\u0000" });
  await mistakes.review(review);
  expect(await reviewsOf()).toEqual([plainReview(review)]);
  await mistakes.addAnalysis(analysisOf(project, id));
  await mistakes.claimForRelease(project, "rel_1", 1);
  await mistakes.review(reviewOf(project, id));
  await mistakes.review(reviewOf(newProjectId(), id));
  expect(await reviewsOf()).toEqual([plainReview(review)]);
});

it("says of a failed write what failed, never what was written", async () => {
  const broken = capturedMistake(newProjectId(), { createdAt: Number.NaN }, exchangeOf("a private question"));
  const caught: unknown = await mistakes.insertCaptured([broken]).catch((error: unknown) => error);
  expect(errorMessage(caught)).toContain("NOT NULL");
  expect(errorMessage(caught)).not.toContain("private");
});

mistakeStoreContract("the in-memory fake", () => {
  const fake = new InMemoryObjectStore();
  return { mistakes: new InMemoryMistakeStore(fake), objects: fake };
});
