// `npm run deploy -- --dry-run`: says what would be made and really builds the Worker. Law: no account and no network.
import type { DeployPlan } from "./plan.ts";
import { reportTo } from "./report.ts";
import { ADMIN_KEY, DRAWN_SECRETS, SECRETS } from "./secrets.ts";
import { plainVariables } from "./settings.ts";
import { build } from "./upload.ts";
import type { Wrangler } from "./wrangler.ts";

export async function dryRun(
  plan: DeployPlan,
  wrangler: Wrangler,
  environment: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<void> {
  const variables = plainVariables(environment, []);
  const report = reportTo(print);
  const missing = "made if missing";
  for (const { name } of plan.databases) report("database", name, missing);
  for (const name of plan.buckets) report("bucket", name, missing);
  for (const name of plan.queues) report("queue", name, missing);
  for (const { name, migrations } of plan.databases) report("migrations", name, `${migrations}, the new ones applied`);
  const { compressedKibibytes } = await build(wrangler);
  report("worker", plan.worker, `builds, ${compressedKibibytes ?? "?"} KiB compressed`);
  for (const name of plan.workflows) report("workflow", name, "with the Worker");
  for (const cron of plan.crons) report("cron", cron, "with the Worker");
  if (plan.usesWorkersAi) report("model", "Workers AI", "bound; used without SETBACK_UPSTREAM_URL");
  for (const name of Object.keys(variables)) report("variable", name, "set");
  for (const name of SECRETS) {
    const given = (environment[name] ?? "") !== "";
    const drawn = name === ADMIN_KEY ? "drawn and shown once" : "drawn";
    const source = given ? "set" : DRAWN_SECRETS.includes(name) ? drawn : "not set: not in the environment";
    report("secret", name, `kept if it exists, else ${source}`);
  }
  print("\nA dry run: nothing was made, and no account was asked.");
}
