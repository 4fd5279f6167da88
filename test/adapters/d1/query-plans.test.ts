// How SQLite answers every query of the stores that grow: along an index, in its order. Law: the queries are observed, not listed, and
// every method is called, so that a new one is judged as soon as it exists.
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { D1ArchiveStore } from "../../../src/adapters/d1/d1-archive-store.ts";
import { D1AuditStore } from "../../../src/adapters/d1/d1-audit-store.ts";
import { D1AnalysisBudget } from "../../../src/adapters/d1/d1-analysis-budget.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1OverruleStore } from "../../../src/adapters/d1/d1-overrule-store.ts";
import { D1PolicyStore } from "../../../src/adapters/d1/d1-policy-store.ts";
import { D1ReleaseStore } from "../../../src/adapters/d1/d1-release-store.ts";
import { D1RetentionStore } from "../../../src/adapters/d1/d1-retention-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import type { MistakeFilter } from "../../../src/mistake/mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { ObservedDatabase } from "../../fakes/observed-database.ts";
import { entryOf, policyOf } from "../../fixtures/policies.ts";
import {
  analysisOf,
  capturedAttack,
  capturedMistake,
  newProjectId,
  releaseOf,
  reviewOf,
} from "../../fixtures/records.ts";

const observed = new ObservedDatabase(env.DB);
const database = openDatabase(observed.binding);
const called = new Set<string>();

/** The store itself, and which of its methods were called. */
function watched<Store extends object>(store: Store): Store {
  return new Proxy(store, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      called.add(`${target.constructor.name}.${String(name)}`);
      return value.bind(target);
    },
  });
}

const mistakes = watched(new D1MistakeStore(database, new InMemoryObjectStore()));
const retention = watched(new D1RetentionStore(database));
const archive = watched(new D1ArchiveStore(database));
const releases = watched(new D1ReleaseStore(database));
const policies = watched(new D1PolicyStore(database));
const audit = watched(new D1AuditStore(database));
const overrules = watched(new D1OverruleStore(database));
const budget = watched(new D1AnalysisBudget(database));
const STORES = [
  ...[D1MistakeStore, D1RetentionStore, D1ArchiveStore, D1ReleaseStore],
  ...[D1PolicyStore, D1AuditStore, D1OverruleStore, D1AnalysisBudget],
];

/** Small by their nature: one row a project, or a key with a policy of its own. */
const SMALL_TABLES = ["projects", "policy_assignments"];
/** What may be sorted, since it is few rows whatever the store holds. */
const SORTED_AND_WHY: readonly (readonly [RegExp, string])[] = [
  [/AS found ORDER BY found\.value/, "the first ids of at most 140 combinations"],
  [/from "analyses".*"mistake_id" IN \(SELECT value/s, "the analyses of one page of mistakes"],
  [/from "overrules".*"expires_at" > \?/s, "the overrules that count, which are capped"],
  [/select distinct "clusters"."id".*"mistakes"."id" IN \(SELECT value/s, "the clusters of one batch of mistakes"],
  [/ UNION /, "two lists of at most a page each"],
];

async function ask(): Promise<void> {
  const project = newProjectId();
  const page = { limit: 3, cursor: "mis_z" };
  const [mistake, attack] = [capturedMistake(project), capturedAttack(project)];
  const { id } = mistake.mistake;
  await mistakes.insertCaptured([mistake, attack]);
  const narrow: readonly MistakeFilter["narrow"][] = [
    undefined,
    { by: "category", value: "S1" },
    { by: "key", value: "key_1" },
    { by: "policy", value: "pol_1" },
    { by: "cluster", value: "clu_1" },
    { by: "quarantine", value: "cap" },
  ];
  for (const each of narrow) await mistakes.list(project, { state: "captured", narrow: each }, page);
  await mistakes.list(project, {}, page);
  await mistakes.get(project, id);
  await mistakes.idsOfCompletion(project, mistake.mistake.provenance.completionId, 10);
  await mistakes.hold(project, id, "contradiction");
  await mistakes.listAttacks(project, page);
  await mistakes.listAttacks(project, page, { keyId: "key_1" });
  await mistakes.getAttack(project, attack.attack.id);
  await mistakes.markOverruled(project, attack.attack.id, "ovr_1");
  await mistakes.unmarkOverruled(project, attack.attack.id, "ovr_1");
  await mistakes.addAnalysis(analysisOf(project, id));
  await mistakes.review(reviewOf(project, id));
  await mistakes.review(reviewOf(project, "mis_nothing"));
  await mistakes.reopen(project, id, "captured");
  await mistakes.firstCapturedAt(project);
  await mistakes.claimForRelease(project, "rel_1", 10);
  for (const includeReleased of [true, false]) {
    await mistakes.listClaimed(project, "rel_1", { after: "mis_", limit: 10, includeReleased });
  }
  await retention.listExpired(project, 1, 10);
  await retention.listExpired(project, 1, 10, { key: "key_1" });
  await retention.listExpired(project, 1, 10, { notOf: ["key_1"] });
  await retention.deleteExpired(project, [{ type: "mistake", id: "mis_nothing", objectKey: null }]);
  const segment = { key: "segment", projectId: project };
  await archive.nextArchivable(1);
  await archive.listArchivable({ projectId: project, releaseId: "rel_1" }, 10);
  await archive.markArchived({ projectId: project, releaseId: "rel_1" }, 1);
  await archive.announce(segment, 1);
  await archive.moveTexts(segment, [{ id, text: "{}", pointer: "segment#0,2" }]);
  await archive.abandon(1, 1);
  await archive.forget(segment);
  const release = releaseOf(project);
  await releases.insert(release);
  await releases.get(project, release.id);
  await releases.list(project, page);
  await releases.recordLineage(project, release.id, [id]);
  await releases.representedClusters(project, release.id, ["clu_1"], "mis_~");
  await releases.settle(project, release.id, "mis_", 10);
  await releases.publish(project, release.id, {
    counts: { analysis: 1, normal: 0 },
    files: [],
    readyAt: 1,
    mistakeIds: [id],
  });
  await releases.fail(project, release.id, "it failed");
  await releases.markCollected(project, release.id, 1);
  await releases.newestCreatedAt(project);
  await releases.countUncollected(1);
  const policy = policyOf(project);
  const assignment = { projectId: project, keyId: null, policyId: policy.id };
  await policies.insertPolicy(policy, assignment, [entryOf(project)]);
  await policies.getPolicy(project, policy.id);
  await policies.listPolicies(project, page);
  await policies.countPolicies(project);
  await policies.choicesOf(project);
  await policies.assign({ ...assignment, policyId: null }, entryOf(project));
  for (const monitor of [true, false]) await policies.switchMonitor(project, monitor, entryOf(project));
  await policies.retentionPeriods();
  await audit.listAudit(project, page);
  const overrule = {
    ...{ id: `ovr_${project}`, projectId: project, subjectId: id, scope: "exchange" as const, allowances: [] },
    ...{ comment: "", subjectState: null, mistakeId: null, keyId: "key_1", createdAt: 1, expiresAt: 2 },
    ...{ revertedAt: null, revertedBy: null },
  };
  await overrules.insertOverrule(overrule, 10, entryOf(project));
  await overrules.getOverrule(project, overrule.id);
  await overrules.latestOf(project, id);
  await overrules.listOverrules(project, page);
  await overrules.activeAllowances(project, 1);
  await overrules.revertOverrule({ projectId: project, id: overrule.id, keyId: "key_1", at: 1 }, entryOf(project));
  await budget.buy(project, "key_1", 1, { project: 1, key: 1 });
  await budget.defer({ projectId: project, mistakeId: id }, 1);
  await budget.listDeferred(1, 10);
  await budget.resume([{ projectId: project, mistakeId: id }], 2);
}

async function planOf(query: string): Promise<readonly string[]> {
  const parameters = Array.from({ length: query.split("?").length - 1 }, () => null);
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${query}`)
    .bind(...parameters)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}

beforeAll(ask, 60_000);

it("judges every method of the stores", () => {
  const methods = STORES.flatMap(({ name, prototype }) =>
    Object.getOwnPropertyNames(prototype)
      .filter((method) => method !== "constructor")
      .map((method) => `${name}.${method}`),
  );
  expect(methods.filter((method) => !called.has(method))).toEqual([]);
  expect(observed.queries.size).toBeGreaterThan(50);
});

it("scans no table, and sorts nothing that grows", async () => {
  const faults: string[] = [];
  for (const query of observed.queries) {
    for (const detail of await planOf(query)) {
      const scanned = /^SCAN (?!given\b)(\w+)(?! VIRTUAL TABLE)(?:$| )/.exec(detail)?.[1];
      const isTable = scanned !== undefined && !/VIRTUAL TABLE|CONSTANT ROW|\bsubquery\b/i.test(detail);
      if (isTable && !SMALL_TABLES.includes(scanned)) faults.push(`${detail}: ${query}`);
      const isSorted = detail.includes("TEMP B-TREE");
      if (isSorted && !SORTED_AND_WHY.some(([bounded]) => bounded.test(query))) faults.push(`${detail}: ${query}`);
    }
  }
  expect(faults).toEqual([]);
});

it("walks a filtered list along the index that has all of its columns", async () => {
  const plans = await Promise.all([...observed.queries].filter((query) => query.includes("AS found")).map(planOf));
  const used = plans.map((plan) => plan.find((detail) => /mistakes_by_|mistake_categories/.test(detail)));
  expect([...new Set(used)].toSorted()).toEqual([
    expect.stringContaining(
      "SEARCH mistake_categories USING PRIMARY KEY (project_id=? AND category=? AND state=? AND source=? AND kind=? AND mistake_id>? AND mistake_id<?)",
    ),
    expect.stringContaining("mistakes_by_facets (project_id=? AND state=? AND source=? AND kind=? AND id>? AND id<?)"),
    expect.stringContaining(
      "mistakes_by_key (project_id=? AND key_id=? AND state=? AND source=? AND kind=? AND id>? AND id<?)",
    ),
    expect.stringContaining(
      "mistakes_by_policy (project_id=? AND policy_version=? AND state=? AND source=? AND kind=? AND id>? AND id<?)",
    ),
  ]);
});

it("finds the attacks of a rare key without the project's others", async () => {
  const [query] = [...observed.queries].filter((each) => each.includes('"attacks"."key_id" = ?'));
  expect(await planOf(query ?? "")).toContainEqual(
    expect.stringContaining("attacks_by_key (project_id=? AND key_id=? AND id>? AND id<?)"),
  );
});
