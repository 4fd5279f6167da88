// Brings a deployed database up to date. Law: before the Worker that needs it; wrangler remembers in the database what it applied.
import { problemOf } from "./deploy-problem.ts";
import { ENVIRONMENT } from "./plan.ts";
import type { Wrangler } from "./wrangler.ts";

export async function migrate(wrangler: Wrangler, database: string): Promise<"applied" | "up to date"> {
  const ran = await wrangler(["d1", "migrations", "apply", database, "--remote", "--env", ENVIRONMENT]);
  if (ran.code !== 0) throw problemOf(`The migrations of ${database} could not be applied`, ran.output);
  return ran.output.includes("No migrations to apply") ? "up to date" : "applied";
}
