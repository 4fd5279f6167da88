// The Worker's secrets: which there are, and those that are missing. Law: a secret that exists is never overwritten unless its name
// was given; a value travels by standard input only, and the operator's key that we draw is handed back once.
import { z } from "zod";
import { DeployProblem, problemOf } from "./deploy-problem.ts";
import { ENVIRONMENT } from "./plan.ts";
import { readJsonOutput } from "./json-output.ts";
import type { Wrangler } from "./wrangler.ts";

export const ADMIN_KEY = "SETBACK_ADMIN_KEY";
const ENCRYPTION_KEY = "SETBACK_ENCRYPTION_KEY";
const SUBJECT_KEYS = "SETBACK_SUBJECT_KEYS";
export const SECRETS = [
  ADMIN_KEY,
  ENCRYPTION_KEY,
  "SETBACK_ENCRYPTION_KEY_PREVIOUS",
  SUBJECT_KEYS,
  "SETBACK_UPSTREAM_KEY",
] as const;
/** Made by us where the operator gives none. */
export const DRAWN_SECRETS: readonly string[] = [ADMIN_KEY, ENCRYPTION_KEY, SUBJECT_KEYS];

export interface SecretTask {
  readonly wrangler: Wrangler;
  readonly existing: readonly string[];
  /** names to overwrite */
  readonly replaced: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly drawKey: () => string;
}

export interface SecretOutcome {
  readonly name: string;
  readonly outcome: "kept" | "made" | "set" | "not set";
  /** the operator's key, if it was drawn: nobody else has it. What only the Worker needs is shown to nobody. */
  readonly shown?: string;
}

const secretsSchema = z.array(z.looseObject({ name: z.string() }));

/** The secrets of the Worker that is deployed; null: there is no such Worker. */
export async function listSecrets(wrangler: Wrangler, worker: string): Promise<readonly string[] | null> {
  const ran = await wrangler(["secret", "list", "--env", ENVIRONMENT, "--format", "json"]);
  if (ran.code === 0) return readJsonOutput(secretsSchema, ran, "secret list").map(({ name }) => name);
  if (ran.output.includes(`Worker "${worker}"`) && ran.output.includes("not found")) return null;
  throw problemOf("The Worker's secrets could not be listed", ran.output);
}

export function assertKnownSecrets(names: readonly string[]): void {
  const known: readonly string[] = SECRETS;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new DeployProblem(`${unknown} is no secret of Setback; those are ${SECRETS.join(", ")}.`);
  }
}

export async function ensureSecret(name: (typeof SECRETS)[number], task: SecretTask): Promise<SecretOutcome> {
  if (task.existing.includes(name) && !task.replaced.includes(name)) return { name, outcome: "kept" };
  const given = task.environment[name] ?? "";
  // A list of keys is replaced by a list: one drawn in its place would hide from an erasure what the old ones signed.
  const isListReplaced = name === SUBJECT_KEYS && task.existing.includes(name);
  const drawn = given === "" && DRAWN_SECRETS.includes(name) && !isListReplaced ? task.drawKey() : null;
  const value = drawn ?? given;
  if (value === "") {
    if (!task.replaced.includes(name)) return { name, outcome: "not set" };
    throw new DeployProblem(`${name} can only be replaced by a value: set it in the environment of npm run deploy.`);
  }
  const ran = await task.wrangler(["secret", "put", name, "--env", ENVIRONMENT], { input: value });
  if (ran.code !== 0) throw problemOf(`The secret ${name} could not be set`, ran.output.replaceAll(value, "…"));
  if (drawn === null) return { name, outcome: "set" };
  return name === ADMIN_KEY ? { name, outcome: "made", shown: drawn } : { name, outcome: "made" };
}
