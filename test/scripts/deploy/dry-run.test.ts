// Proves on the real wrangler that a dry run builds the Worker without an account, and that its plan names everything of production.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPlan } from "../../../scripts/deploy/plan.ts";

const root = join(import.meta.dirname, "../../..");
const TIMEOUT_MS = 60_000;

function dryRun(environment: NodeJS.ProcessEnv): { status: number | null; output: string } {
  const ran = spawnSync(process.execPath, [join(root, "scripts/deploy.ts"), "--dry-run"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_ACCOUNT_ID: "", ...environment },
  });
  return { status: ran.status, output: ran.stdout + ran.stderr };
}

it("builds the Worker, names what would be made, and leaves wrangler.toml alone", { timeout: TIMEOUT_MS }, async () => {
  const before = await readFile(join(root, "wrangler.toml"), "utf8");
  const { status, output } = dryRun({ SETBACK_UPSTREAM_URL: "https://models.test/v1" });
  expect(output).toMatch(/worker +setback +builds, \d+ KiB compressed/);
  for (const name of ["setback-objects", "setback-captures", "setback-dead-letters", "SETBACK_UPSTREAM_URL"]) {
    expect(output).toContain(name);
  }
  expect(status).toBe(0);
  expect(await readFile(join(root, "wrangler.toml"), "utf8")).toBe(before);
});

it("refuses a setting that the Worker would refuse", { timeout: TIMEOUT_MS }, () => {
  const { status, output } = dryRun({ SETBACK_POLICY: "", SETBACK_UPSTREAM_ATTEMPTS: "many" });
  expect(status).toBe(1);
  expect(output).toContain("SETBACK_UPSTREAM_ATTEMPTS");
});

it("plans every queue once, dead letters included, and no id of an account", async () => {
  const plan = await readPlan(join(root, "wrangler.toml"));
  expect(plan.queues.toSorted()).toEqual([...new Set(plan.queues)].toSorted());
  expect(plan.queues).toEqual(expect.arrayContaining(["setback-captures", "setback-analyses", "setback-dead-letters"]));
  expect(plan).toMatchObject({ worker: "setback", accountId: null, usesWorkersAi: true, crons: ["* * * * *"] });
  const production = (await readFile(join(root, "wrangler.toml"), "utf8")).split("[env.production]")[1];
  expect(production).not.toContain("database_id");
});
