// `npm run deploy`: puts Setback on Cloudflare, again and again without harm; `-- --dry-run` only builds and says what it would do.
// Law: a problem is told in words that say what to do, and the exit code says whether all of it was done.
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { deploy } from "./deploy/deploy.ts";
import { DeployProblem } from "./deploy/deploy-problem.ts";
import { dryRun } from "./deploy/dry-run.ts";
import { readPlan } from "./deploy/plan.ts";
import { createWrangler } from "./deploy/wrangler.ts";

const KEY_BYTES = 32;
const root = dirname(import.meta.dirname);

function print(line: string): void {
  console.log(line);
}

function readOptions(): { dryRun: boolean; replacedSecrets: readonly string[]; replaceWorker: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        "dry-run": { type: "boolean", default: false },
        "replace-secret": { type: "string", multiple: true, default: [] },
        "replace-worker": { type: "boolean", default: false },
      },
    });
    return {
      dryRun: values["dry-run"],
      replacedSecrets: values["replace-secret"],
      replaceWorker: values["replace-worker"],
    };
  } catch (cause) {
    // node:util says which option it does not know.
    throw new DeployProblem(cause instanceof Error ? cause.message : String(cause));
  }
}

try {
  const options = readOptions();
  const plan = await readPlan(join(root, "wrangler.toml"));
  const wrangler = createWrangler({
    // Ours, on the Node that runs us: what a shell would find may be another version.
    command: [process.execPath, join(root, "node_modules", "wrangler", "bin", "wrangler.js")],
    folder: root,
    environment: process.env,
  });
  if (options.dryRun) {
    await dryRun(plan, wrangler, process.env, print);
  } else {
    await deploy({
      plan,
      wrangler,
      environment: process.env,
      drawKey: () => randomBytes(KEY_BYTES).toString("base64url"),
      print,
      replacedSecrets: options.replacedSecrets,
      replaceWorker: options.replaceWorker,
    });
  }
} catch (cause) {
  if (cause instanceof DeployProblem) {
    console.error(`\n${cause.message}\nWhatever was made stays, and the next run goes on from there.`);
  } else {
    console.error(cause);
  }
  process.exitCode = 1;
}
