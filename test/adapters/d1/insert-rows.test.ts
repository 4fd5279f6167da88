// Rows into D1 by one statement: whole, once, and loud where a row breaks its table's rules.
import { env } from "cloudflare:workers";
import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { insertRows } from "../../../src/adapters/d1/insert-rows.ts";
import { analyses } from "../../../src/db/mistake-tables.ts";
import { releases } from "../../../src/db/release-tables.ts";
import { analysisOf, newProjectId, releaseOf } from "../../fixtures/records.ts";

const database = openDatabase(env.DB);

describe("insertRows", () => {
  it("writes every kind of column as drizzle reads it", async () => {
    const project = newProjectId();
    const rows = [
      { ...releaseOf(project, { includeReleased: true, failure: "$.id \u0000 没有" }), archivedAt: null },
      {
        ...releaseOf(project, { readyAt: 0, files: [{ name: "train.jsonl", bytes: 0, sha256: "", rows: 0 }] }),
        archivedAt: 1,
      },
    ];
    for (const statement of insertRows(database, releases, rows)) await statement;
    expect(await database.select().from(releases).where(eq(releases.projectId, project))).toEqual(rows);
  });

  it("leaves what is there as it is", async () => {
    const project = newProjectId();
    const row = analysisOf(project, "mis_1");
    for (const rows of [[row], [{ ...row, text: "changed" }, analysisOf(project, "mis_2")]]) {
      for (const statement of insertRows(database, analyses, rows)) await statement;
    }
    const found = await database.select().from(analyses).where(eq(analyses.projectId, project));
    expect(found.map(({ text }) => text)).toEqual([row.text, row.text]);
  });

  it("fails for a row that lacks what its table asks for, instead of skipping it", async () => {
    const row = analysisOf(newProjectId(), "mis_1", { createdAt: Number.NaN });
    const [statement] = insertRows(database, analyses, [row]);
    await expect(statement?.execute()).rejects.toThrow();
  });

  it("inserts nothing while its condition does not hold, and has no statement for no rows", async () => {
    const project = newProjectId();
    for (const statement of insertRows(database, analyses, [analysisOf(project, "mis_1")], sql`1 = 2`)) {
      await statement;
    }
    expect(await database.select().from(analyses).where(eq(analyses.projectId, project))).toEqual([]);
    expect(insertRows(database, analyses, [])).toEqual([]);
  });

  it("asks its condition of each row, as the JSON that is called value", async () => {
    const project = newProjectId();
    const rows = [analysisOf(project, "mis_1"), analysisOf(project, "mis_2")];
    const isSecond = sql`json_extract(value, '$.mistakeId') = 'mis_2'`;
    for (const statement of insertRows(database, analyses, rows, isSecond)) await statement;
    const found = await database.select().from(analyses).where(eq(analyses.projectId, project));
    expect(found).toEqual([rows[1]]);
  });
});
