// The Worker's variables as the file that wrangler reads with `--env-file`. They may hold secrets, and a command line is for
// everyone to see (ps). Law: whatever the value, the Worker gets it unchanged, or the operator hears why not.
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { StartProblem } from "../start-problem.ts";
import type { Variables } from "./worker-variables.ts";

const OWNER_ONLY = 0o600;

export async function writeVariablesFile(file: string, variables: Variables): Promise<void> {
  const text = Object.entries(variables).map(([name, value]) => `${name}=${quote(name, value)}\n`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text.join(""), { mode: OWNER_ONLY });
  await chmod(file, OWNER_ONLY);
}

/** wrangler reads the file with dotenv, which leaves quoted text alone, then dotenv-expand, which reads `$NAME` unless escaped. */
function quote(name: string, value: string): string {
  const mark = ["'", "`"].find((candidate) => !value.includes(candidate));
  if (mark === undefined) throw new StartProblem(`${name} holds both ' and \`, which can't be handed to wrangler.`);
  return `${mark}${value.replaceAll("$", String.raw`\$`)}${mark}`;
}
