// The counts of end users on D1: found in bounded parts, and gone with their person alone.
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { D1SubjectCounts } from "../../../src/adapters/d1/d1-subject-counts.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { captureCounts } from "../../../src/db/cluster-tables.ts";
import { newProjectId } from "../../fixtures/records.ts";

const database = openDatabase(env.DB);
const counts = new D1SubjectCounts(database);

async function count(projectId: string, subject: string, ...startMinutes: readonly number[]): Promise<void> {
  const rows = startMinutes.map((startMinute) => ({ projectId, subject, lengthMinutes: 60, startMinute, captured: 3 }));
  await database.insert(captureCounts).values(rows);
}

it("deletes what it lists, part by part, and nothing of another person, key or project", async () => {
  const [project, other] = [newProjectId(), newProjectId()];
  await count(project, "user:1.jane", 0, 60, 120);
  await count(project, "user:0.jane", 60);
  await count(project, "user:1.john", 60);
  await count(project, "key:1.jane", 60);
  await count(other, "user:1.jane", 60);
  const jane = ["1.jane", "0.jane", "2.jane"];
  const part = await counts.listOf(project, jane, 3);
  expect(part).toHaveLength(3);
  await counts.deleteRecords(project, part);
  const rest = await counts.listOf(project, jane, 3);
  expect(rest).toHaveLength(1);
  await counts.deleteRecords(project, rest);
  expect(await counts.listOf(project, jane, 3)).toEqual([]);
  const left = await database.select().from(captureCounts).where(eq(captureCounts.projectId, project));
  expect(left.map(({ subject }) => subject).toSorted()).toEqual(["key:1.jane", "user:1.john"]);
  expect(await counts.listOf(other, jane, 3)).toHaveLength(1);
});
