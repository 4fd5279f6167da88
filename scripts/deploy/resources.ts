// Finds a database, a bucket or a queue by its name, or makes it. Law: what exists is left as it is, and who makes it between our
// look and our making (a second deployment) is no failure.
import { z } from "zod";
import { problemOf } from "./deploy-problem.ts";
import { readJsonOutput } from "./json-output.ts";
import type { Ran, Wrangler } from "./wrangler.ts";

export type Outcome = "found" | "made";

const databasesSchema = z.array(z.looseObject({ name: z.string() }));

/** D1 7502, R2 10004, Queues 11009: there is one of this name already, and names are an account's own. */
const EXISTS = /already exists|already taken|\[code: (?:7502|10004|11009)\]/i;

export async function listDatabases(wrangler: Wrangler): Promise<readonly string[]> {
  const ran = await wrangler(["d1", "list", "--json"]);
  if (ran.code !== 0) throw problemOf("The databases could not be listed", ran.output);
  return readJsonOutput(databasesSchema, ran, "d1 list").map(({ name }) => name);
}

export async function ensureDatabase(wrangler: Wrangler, name: string, known: readonly string[]): Promise<Outcome> {
  return known.includes(name) ? "found" : await make(wrangler, ["d1", "create", name], `database ${name}`);
}

export async function ensureBucket(wrangler: Wrangler, name: string): Promise<Outcome> {
  // It has no JSON. Its first page is short; a bucket on a later one is found when it is made again.
  const listed = await wrangler(["r2", "bucket", "list"]);
  if (listed.code !== 0) throw problemOf("The buckets could not be listed", listed.output);
  const names = listed.stdout.split("\n").flatMap((line) => /^name:\s+(\S+)\s*$/.exec(line)?.[1] ?? []);
  return names.includes(name) ? "found" : await make(wrangler, ["r2", "bucket", "create", name], `bucket ${name}`);
}

export async function ensureQueue(wrangler: Wrangler, name: string): Promise<Outcome> {
  const looked = await wrangler(["queues", "info", name]);
  if (looked.code === 0) return "found";
  if (!looked.output.includes("does not exist"))
    throw problemOf(`The queue ${name} could not be looked up`, looked.output);
  return await make(wrangler, ["queues", "create", name], `queue ${name}`);
}

async function make(wrangler: Wrangler, args: readonly string[], what: string): Promise<Outcome> {
  const ran: Ran = await wrangler(args);
  if (ran.code === 0) return "made";
  if (EXISTS.test(ran.output)) return "found";
  throw problemOf(`The ${what} could not be made`, ran.output);
}
