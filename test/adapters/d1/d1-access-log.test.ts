// The access log on real D1: newest first, each project's own, forgotten oldest first.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { AccessEntry } from "../../../src/access/access-log.ts";
import { D1AccessLog } from "../../../src/adapters/d1/d1-access-log.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { createMakeId } from "../../../src/lib/ids.ts";
import { newProjectId } from "../../fixtures/records.ts";

const log = new D1AccessLog(openDatabase(env.DB));

function entryOf(projectId: string, createdAt: number): AccessEntry {
  const id = createMakeId(
    () => createdAt,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  )("acc");
  return { id, projectId, keyId: "key_1", thing: "mistakes", subjects: ["mis_1"], requestId: "req_1", createdAt };
}

it("lists a project's entries newest first, and prunes the oldest of all", async () => {
  const [project, other] = [newProjectId(), newProjectId()];
  const mine = [1_000, 2_000, 3_000].map((time) => entryOf(project, time));
  for (const entry of [...mine, entryOf(other, 2_500)]) await log.addEntry(entry);
  const first = await log.listEntries(project, { limit: 2, cursor: null });
  expect(first).toEqual({ items: [mine[2], mine[1]], hasMore: true });
  expect((await log.listEntries(project, { limit: 2, cursor: mine[1]?.id ?? null })).items).toEqual([mine[0]]);
  expect(await log.pruneEntries(3_000, 2)).toBe(2);
  expect(await log.pruneEntries(3_000, 2)).toBe(1);
  expect(await log.pruneEntries(3_000, 2)).toBe(0);
  expect((await log.listEntries(project, { limit: 9, cursor: null })).items).toEqual([mine[2]]);
});
