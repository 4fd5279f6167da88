// The review queue and reviews on real D1, and the fake held to the same contracts; how D1 finds what they ask for.
import { env } from "cloudflare:workers";
import { D1AuditStore } from "../../../src/adapters/d1/d1-audit-store.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReviewQueue } from "../../../src/adapters/d1/d1-review-queue.ts";
import { D1ReviewStore } from "../../../src/adapters/d1/d1-review-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { reviewQueueContract } from "../../contract/review-queue.ts";
import { reviewStoreContract } from "../../contract/review-store.ts";
import type { ReviewsUnderTest } from "../../contract/reviews-under-test.ts";
import { InMemoryMistakeStore } from "../../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { InMemoryReviewStore } from "../../fakes/in-memory-review-store.ts";

function onD1(): ReviewsUnderTest {
  const database = openDatabase(env.DB);
  const audit = new D1AuditStore(database);
  return {
    mistakes: new D1MistakeStore(database, new R2ObjectStore(env.OBJECTS)),
    queue: new D1ReviewQueue(database),
    reviews: new D1ReviewStore(database),
    auditOf: async (project) => (await audit.listAudit(project, { limit: 100, cursor: null })).items,
  };
}

function inMemory(): ReviewsUnderTest {
  const mistakes = new InMemoryMistakeStore(new InMemoryObjectStore());
  const fake = new InMemoryReviewStore(mistakes);
  return {
    mistakes,
    queue: fake,
    reviews: fake,
    auditOf: async (project) => await Promise.resolve(fake.entries.filter(({ projectId }) => projectId === project)),
  };
}

reviewQueueContract("D1", onD1);
reviewStoreContract("D1", onD1);
reviewQueueContract("the in-memory fake", inMemory);
reviewStoreContract("the in-memory fake", inMemory);
