// The real promptfoo, offline: what its `guardrails` assertions make of an answer that passes, one that is blocked, and a blocked request.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { z } from "zod";

const guardrailsSchema = z.object({
  flagged: z.boolean(),
  flaggedInput: z.boolean().optional(),
  flaggedOutput: z.boolean().optional(),
});

const reportSchema = z.looseObject({
  results: z.looseObject({
    results: z.array(
      z.looseObject({
        success: z.boolean(),
        error: z.string().nullish(),
        testCase: z.looseObject({ description: z.string() }),
        response: z.looseObject({ guardrails: guardrailsSchema.optional(), error: z.string().optional() }).optional(),
        gradingResult: z.looseObject({ reason: z.string() }).nullish(),
      }),
    ),
  }),
});

type Row = z.infer<typeof reportSchema>["results"]["results"][number];

const folder = mkdtempSync(join(tmpdir(), "setback-promptfoo-"));

function evaluate(): readonly Row[] {
  const report = join(folder, "report.json");
  const program = join(import.meta.dirname, "..", "node_modules", "promptfoo", "dist", "src", "entrypoint.js");
  const config = join(import.meta.dirname, "promptfooconfig.yaml");
  const quiet = ["--no-cache", "--no-write", "--no-table", "--no-progress-bar"];
  const ran = spawnSync(process.execPath, [program, "eval", "-c", config, "-o", report, ...quiet], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      PROMPTFOO_CONFIG_DIR: folder,
      PROMPTFOO_DISABLE_TELEMETRY: "1",
      PROMPTFOO_DISABLE_UPDATE: "1",
      PROMPTFOO_DISABLE_REMOTE_GENERATION: "1",
      NO_COLOR: "1",
    },
  });
  // 100: some assertion failed, as one is meant to.
  assert.ok(ran.status === 0 || ran.status === 100, `promptfoo ended with ${ran.status}:\n${ran.stdout}${ran.stderr}`);
  return reportSchema.parse(JSON.parse(readFileSync(report, "utf8"))).results.results;
}

describe("promptfoo, guardrails", () => {
  let rows: readonly Row[] = [];
  before(() => {
    rows = evaluate();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function row(description: string): Row {
    const found = rows.filter(({ testCase }) => testCase.description === description);
    assert.equal(found.length, 1, `${found.length} rows for «${description}»`);
    const [only] = found;
    assert.ok(only !== undefined);
    return only;
  }

  const cases = [
    ["openai, an answer that passes", { flagged: false }],
    ["openai, an answer that is blocked", { flagged: true }],
    ["http, an answer that passes", { flagged: false, flaggedInput: false, flaggedOutput: false }],
    ["http, an answer that is blocked", { flagged: true, flaggedInput: false, flaggedOutput: true }],
    ["http, a request that is blocked", { flagged: true, flaggedInput: true, flaggedOutput: false }],
  ] as const;
  for (const [description, guardrails] of cases) {
    it(description, () => {
      const { success, error, response, gradingResult } = row(description);
      assert.deepEqual(response?.guardrails, guardrails);
      assert.ok(success, `${error ?? ""} ${gradingResult?.reason ?? ""}`);
    });
  }

  it("openai, a request that is blocked: promptfoo takes it for an error, as it does every 400", () => {
    const { success, response } = row("openai, a request that is blocked");
    assert.equal(success, false);
    assert.match(response?.error ?? "", /400.*content_filter/s);
  });
});
