// How D1 finds what reviewers ask for: every table by an index, and the queue in its order without sorting.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { z } from "zod";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReviewQueue } from "../../../src/adapters/d1/d1-review-queue.ts";
import { D1ReviewStore } from "../../../src/adapters/d1/d1-review-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import type { BulkSelection } from "../../../src/mistake/review-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { auditEntryOf, wholeReviewOf } from "../../fixtures/records.ts";

const PROJECT = "prj_plans";
const HOLDER = { keyId: "key_a", reviewer: "ann" };
const FILTER = { source: "import", kind: "harmful", category: "S1", clusterId: "clu_1" } as const;
/** Of a whole table, or of all reviews of a project. */
const WHOLE =
  /^SCAN (mistakes|m|reviews|r|review_queue|q|analyses|audit|clusters|c)(?!.*VIRTUAL)|reviews_by_mistake \(project_id=\?\)$/;

/** The statements that the work prepares. */
async function prepared(work: (binding: D1Database) => Promise<unknown>): Promise<readonly string[]> {
  const statements: string[] = [];
  const recording = new Proxy(env.DB, {
    get: (target, name): unknown => {
      if (name !== "prepare") return name === "batch" ? target.batch.bind(target) : Reflect.get(target, name);
      return (query: string) => {
        statements.push(query);
        return target.prepare(query);
      };
    },
  });
  await work(recording);
  return statements;
}

async function planOf(statement: string): Promise<readonly string[]> {
  const values = Array.from(statement.matchAll(/\?/g), () => null);
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${statement}`)
    .bind(...values)
    .all();
  return z
    .array(z.looseObject({ detail: z.string() }))
    .parse(results)
    .map(({ detail }) => detail);
}

const queue = (binding: D1Database): D1ReviewQueue => new D1ReviewQueue(openDatabase(binding));
const reviews = (binding: D1Database): D1ReviewStore => new D1ReviewStore(openDatabase(binding));

const entry = auditEntryOf(PROJECT);
const lease = { id: "lea_1", holder: HOLDER, expiresAt: 2 };
const selection: BulkSelection = {
  ...{ projectId: PROJECT, state: "analysed", filter: FILTER, until: "mis_~", decision: "confirm", voice: HOLDER },
  ...{ voices: "reviewers", now: 1 },
};
const entries = [
  {
    ...{ mistakeId: "mis_1", projectId: PROJECT, priority: 1, reason: "flagged", enqueuedAt: 1 },
    ...{ quarantines: ["burst"] as const, clusterSizeFrom: 2 },
  },
];
const decision = { leaseId: "lea_1", unattended: true, quarantined: false, voices: "keys", now: 1, entry } as const;

it.each<[string, (binding: D1Database) => Promise<unknown>, boolean]>([
  [
    "enqueue",
    async (binding) => {
      await new D1MistakeStore(openDatabase(binding), new InMemoryObjectStore()).insertCaptured([], entries);
    },
    false,
  ],
  [
    "claim",
    async (binding) =>
      await queue(binding).claim({ projectId: PROJECT, lease, limit: 9, filter: FILTER, voices: "keys", now: 1 }),
    true,
  ],
  [
    "renew",
    async (binding) => await queue(binding).renew(PROJECT, { id: "lea_1", keyId: "key_a", expiresAt: 2 }),
    true,
  ],
  ["give back", async (binding) => await queue(binding).giveBack(PROJECT, "lea_1", "key_a", "mis_1"), true],
  ["override", async (binding) => await queue(binding).override(PROJECT, "mis_1", 1, entry), true],
  [
    "list the queue",
    async (binding) =>
      await queue(binding).listQueue({ projectId: PROJECT, limit: 9, after: { priority: 1, mistakeId: "mis_1" } }),
    true,
  ],
  [
    "decide",
    async (binding) => await reviews(binding).decide({ ...decision, reviews: [wholeReviewOf(PROJECT, "mis_1")] }),
    false,
  ],
  ["refusal", async (binding) => await reviews(binding).refusal(PROJECT, "mis_1", { leaseId: null, now: 1 }), true],
  ["reopen", async (binding) => await reviews(binding).reopenReviewed(PROJECT, "mis_1", 1, entry), true],
  ["list reviews", async (binding) => await reviews(binding).listReviews(PROJECT, "mis_1"), true],
  ["standing", async (binding) => await reviews(binding).standingOf(PROJECT, ["mis_1"], "reviewers"), false],
  ["count selected", async (binding) => await reviews(binding).countSelected(selection, 9), true],
  [
    "list selected of all",
    async (binding) => await reviews(binding).listSelected({ ...selection, filter: {} }, 9),
    true,
  ],
  ["list selected", async (binding) => await reviews(binding).listSelected(selection, 9), false],
  ["list scored", async (binding) => await reviews(binding).listScored(PROJECT, 9), true],
])("%s scans no table", async (_name, work, inOrder) => {
  const statements = await prepared(work);
  expect(statements.length).toBeGreaterThan(0);
  for (const statement of statements) {
    const plan = await planOf(statement);
    expect(
      plan.filter((line) => WHOLE.test(line)),
      statement,
    ).toEqual([]);
    if (inOrder)
      expect(
        plan.filter((line) => line.includes("TEMP B-TREE FOR ORDER BY")),
        statement,
      ).toEqual([]);
  }
});
