// What a deployment needs, read from wrangler.toml by wrangler's own reader. Law: names are the identity of every resource; no id of
// an account stands in a committed file.
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";
import { DeployProblem } from "./deploy-problem.ts";

export const ENVIRONMENT = "production";

export interface DeployPlan {
  readonly worker: string;
  /** the account that the file names, if it does */
  readonly accountId: string | null;
  readonly databases: readonly { readonly name: string; readonly migrations: number }[];
  readonly buckets: readonly string[];
  /** those written to, those read, and the dead letters' */
  readonly queues: readonly string[];
  readonly workflows: readonly string[];
  readonly crons: readonly string[];
  readonly usesWorkersAi: boolean;
}

/** The parts that we act on; wrangler's own types need more libraries than we have. */
const configSchema = z.looseObject({
  name: z.string(),
  account_id: z.string().optional(),
  d1_databases: z.array(z.looseObject({ database_name: z.string(), migrations_dir: z.string().default("migrations") })),
  r2_buckets: z.array(z.looseObject({ bucket_name: z.string() })),
  queues: z.looseObject({
    producers: z.array(z.looseObject({ queue: z.string() })).default([]),
    consumers: z.array(z.looseObject({ queue: z.string(), dead_letter_queue: z.string().optional() })).default([]),
  }),
  workflows: z.array(z.looseObject({ name: z.string() })).default([]),
  triggers: z.looseObject({ crons: z.array(z.string()).optional() }),
  ai: z.looseObject({}).optional(),
});

export async function readPlan(configFile: string): Promise<DeployPlan> {
  const read = configSchema.safeParse(unstable_readConfig({ config: configFile, env: ENVIRONMENT }));
  if (!read.success) {
    throw new DeployProblem(`${configFile} lacks what a deployment needs: ${z.prettifyError(read.error)}`);
  }
  const config = read.data;
  const { producers, consumers } = config.queues;
  const queues = [...producers, ...consumers].flatMap((each) =>
    "dead_letter_queue" in each && typeof each.dead_letter_queue === "string"
      ? [each.queue, each.dead_letter_queue]
      : [each.queue],
  );
  return {
    worker: config.name,
    accountId: config.account_id ?? null,
    databases: await Promise.all(
      config.d1_databases.map(async ({ database_name: name, migrations_dir: folder }) => ({
        name,
        migrations: await countMigrations(join(dirname(configFile), folder)),
      })),
    ),
    buckets: config.r2_buckets.map(({ bucket_name }) => bucket_name),
    queues: [...new Set(queues)],
    workflows: config.workflows.map(({ name }) => name),
    crons: config.triggers.crons ?? [],
    usesWorkersAi: config.ai !== undefined,
  };
}

async function countMigrations(folder: string): Promise<number> {
  return (await readdir(folder)).filter((name) => name.endsWith(".sql")).length;
}
