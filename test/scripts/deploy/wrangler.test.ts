// Proves that wrangler, a process of its own, gets its arguments unbroken, its input unseen, and an environment in which it never asks.
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { deploy } from "../../../scripts/deploy/deploy.ts";
import { readPlan } from "../../../scripts/deploy/plan.ts";
import { createWrangler, type Wrangler } from "../../../scripts/deploy/wrangler.ts";
import { stateSchema } from "./fake-account.ts";

const root = join(import.meta.dirname, "../../..");
const TIMEOUT_MS = 60_000;

function running(...command: [string, ...string[]]): Wrangler {
  return createWrangler({ command, folder: root, environment: { PATH: process.env["PATH"], WRANGLER_LOG: "none" } });
}

it("passes arguments as they are, input by standard input, and no question", async () => {
  const script = `
    const input = require("node:fs").readFileSync(0, "utf8");
    const { CI, NO_COLOR, WRANGLER_LOG, WRANGLER_SEND_METRICS, FURTHER } = process.env;
    console.log(JSON.stringify({ args: process.argv.slice(1), input, CI, NO_COLOR, WRANGLER_LOG, WRANGLER_SEND_METRICS, FURTHER }));
    console.error("and this");
    process.exit(3);`;
  const args = ["--var", 'A:{"b": "c d"}; $(e) `f`'];
  const ran = await running(
    process.execPath,
    "-e",
    script,
    "--",
  )(args, { input: "secret", environment: { FURTHER: "1" } });
  expect(ran.code).toBe(3);
  expect(JSON.parse(ran.stdout)).toEqual({
    args,
    input: "secret",
    CI: "1",
    NO_COLOR: "1",
    WRANGLER_LOG: "log",
    WRANGLER_SEND_METRICS: "false",
    FURTHER: "1",
  });
  expect(ran.output).toContain("and this");
});

it("is told when it ends without reading its input, and when it can't be started", async () => {
  const ran = await running(process.execPath, "-e", "process.exit(1)")([], { input: "x".repeat(1_000_000) });
  expect(ran.code).toBe(1);
  await expect(running(join(root, "no-such-program"))([])).rejects.toThrow("ENOENT");
});

it("deploys twice through an executable", { timeout: TIMEOUT_MS }, async () => {
  const file = join(await mkdtemp(join(tmpdir(), "setback-fake-wrangler-")), "state.json");
  await writeFile(file, "{}");
  const wrangler = createWrangler({
    command: [process.execPath, join(import.meta.dirname, "fake-wrangler.ts")],
    folder: root,
    environment: { ...process.env, FAKE_WRANGLER_STATE: file },
  });
  const plan = await readPlan(join(root, "wrangler.toml"));
  const lines: string[] = [];
  for (const drawKey of [() => "first-key", () => "second-key"]) {
    await deploy({
      plan,
      wrangler,
      environment: {},
      drawKey,
      print: (line) => {
        lines.push(line);
      },
      replacedSecrets: [],
      replaceWorker: false,
    });
  }
  const state = stateSchema.parse(JSON.parse(await readFile(file, "utf8")));
  expect(state).toMatchObject({ databases: ["setback"], deployments: 2, secrets: { SETBACK_ADMIN_KEY: "first-key" } });
  expect(lines.join("\n")).not.toContain("second-key");
});
