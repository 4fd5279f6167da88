// One deployment, step by step: account, resources, migrations, Worker, secrets. Law: each step finds what is there, so a run that
// broke off is gone on with by the next one, and a run with nothing to do changes nothing but the Worker's version.
import { findAccount } from "./account.ts";
import { DeployProblem } from "./deploy-problem.ts";
import { migrate } from "./migrate.ts";
import type { DeployPlan } from "./plan.ts";
import { reportTo } from "./report.ts";
import { ensureBucket, ensureDatabase, ensureQueue, listDatabases } from "./resources.ts";
import { ADMIN_KEY, assertKnownSecrets, ensureSecret, listSecrets, SECRETS } from "./secrets.ts";
import { plainVariables } from "./settings.ts";
import { upload } from "./upload.ts";
import type { Wrangler } from "./wrangler.ts";

export interface Deployment {
  readonly plan: DeployPlan;
  readonly wrangler: Wrangler;
  readonly environment: NodeJS.ProcessEnv;
  readonly drawKey: () => string;
  readonly print: (line: string) => void;
  /** names of secrets to overwrite */
  readonly replacedSecrets: readonly string[];
  /** whether a Worker of our name that seems to be another one may be replaced */
  readonly replaceWorker: boolean;
}

export async function deploy(deployment: Deployment): Promise<void> {
  const { plan, wrangler, environment, print } = deployment;
  const report = reportTo(print);
  assertKnownSecrets(deployment.replacedSecrets);
  plainVariables(environment, []);
  const chosen = environment["CLOUDFLARE_ACCOUNT_ID"] ?? "";
  report("account", await findAccount(wrangler, chosen === "" ? plan.accountId : chosen), "");

  const databases = await listDatabases(wrangler);
  const secrets = await listSecrets(wrangler, plan.worker);
  if (secrets !== null && !deployment.replaceWorker) assertOurs(plan, databases);
  for (const { name } of plan.databases) {
    report("database", name, await ensureDatabase(wrangler, name, databases));
  }
  for (const name of plan.buckets) report("bucket", name, await ensureBucket(wrangler, name));
  for (const name of plan.queues) report("queue", name, await ensureQueue(wrangler, name));
  for (const { name } of plan.databases) report("migrations", name, await migrate(wrangler, name));

  const variables = plainVariables(environment, secrets ?? []);
  const { targets } = await upload(wrangler, variables);
  report("worker", plan.worker, secrets === null ? "made" : "deployed again");
  for (const name of Object.keys(variables)) report("variable", name, "set");
  for (const name of plan.workflows) report("workflow", name, "deployed");

  const task = { ...deployment, existing: secrets ?? [], replaced: deployment.replacedSecrets };
  for (const name of SECRETS) {
    const { outcome, shown } = await ensureSecret(name, task);
    const lost = outcome === "kept" && name === ADMIN_KEY ? " (lost? -- --replace-secret SETBACK_ADMIN_KEY)" : "";
    report("secret", name, `${outcome}${lost}`);
    if (shown !== undefined) print(`\nThe operator's key, shown this once. Keep it: ${shown}\n`);
  }
  print(`Setback answers at ${targets.filter((target) => target.includes(".")).join(", ") || "its routes"}.`);
}

/** A Worker of our name without our database is somebody's else: deploying would overwrite it. */
function assertOurs(plan: DeployPlan, databases: readonly string[]): void {
  const missing = plan.databases.find(({ name }) => !databases.includes(name));
  if (missing === undefined) return;
  throw new DeployProblem(
    `A Worker named ${plan.worker} exists in this account, but no database ${missing.name}: it seems to be another one. Give yours another name in wrangler.toml ([env.production] name), or run npm run deploy -- --replace-worker.`,
  );
}
