// Proves the whole command on the real wrangler over an imagined API: what our own fake wrangler says is what the real one does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPlan } from "../../../scripts/deploy/plan.ts";
import { FakeCloudflareApi, serve } from "./fake-cloudflare-api.ts";

const root = join(import.meta.dirname, "../../..");
/** About twenty-five starts of wrangler: half a minute on an idle machine, so only CI waits for it. */
const TIMEOUT_MS = 400_000;
const patient = process.env["CI"] !== undefined;

async function npmRunDeploy(
  url: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(root, "scripts/deploy.ts")], {
    cwd: root,
    env: {
      ...process.env,
      CLOUDFLARE_API_BASE_URL: url,
      CLOUDFLARE_API_TOKEN: "a-token-of-the-test",
      CLOUDFLARE_ACCOUNT_ID: "",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
    });
  }
  await once(child, "close");
  return { code: child.exitCode ?? -1, output };
}

it.runIf(patient)(
  "deploys twice: the same database, nothing made again, the key kept",
  { timeout: TIMEOUT_MS },
  async () => {
    const api = new FakeCloudflareApi();
    const { url, stop } = await serve(api);
    const plan = await readPlan(join(root, "wrangler.toml"));
    const committed = await readFile(join(root, "wrangler.toml"), "utf8");
    try {
      const first = await npmRunDeploy(url, { SETBACK_UPSTREAM_URL: "https://models.test/v1" });
      expect(first.output).toContain("https://setback.someone.workers.dev");
      expect(first.code).toBe(0);
      expect(api.queues.map(({ queue_name }) => queue_name).toSorted()).toEqual(plan.queues.toSorted());
      expect(api.buckets).toEqual(["setback-objects"]);
      const database = api.databases[0];
      expect(database?.sqlite.prepare("SELECT count(*) AS count FROM keys").get()).toEqual({ count: 0 });
      expect(api.uploads[0]).toContain(`"id":"${database?.uuid}"`);
      expect(api.uploads[0]).toContain("https://models.test/v1");
      const key = api.secrets.get("SETBACK_ADMIN_KEY") ?? "";
      expect(key).toHaveLength(43);
      expect(first.output).toContain(key);

      const second = await npmRunDeploy(url);
      expect(second.output).toMatch(/migrations +setback +up to date/);
      expect(second.output).not.toContain(" made");
      expect(second.code).toBe(0);
      expect(api.databases).toHaveLength(1);
      expect(api.uploads[1]).toContain(`"id":"${database?.uuid}"`);
      // The variable that only the first run was given stays.
      expect(api.uploads[1]).toContain('"keep_bindings":["plain_text"');
      expect(api.secrets.get("SETBACK_ADMIN_KEY")).toBe(key);
      expect(second.output).not.toContain(key);
      expect(api.unknown).toEqual([]);
    } finally {
      stop();
    }
    expect(await readFile(join(root, "wrangler.toml"), "utf8")).toBe(committed);
  },
);
