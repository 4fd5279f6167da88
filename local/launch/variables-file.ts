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

/**
 * wrangler reads the file with dotenv, which leaves quoted text alone but for carriage returns, and then with dotenv-expand, which
 * reads `$NAME` unless it is escaped.
 */
function quote(name: string, value: string): string {
  const mark = ["'", "`"].find((candidate) => !value.includes(candidate));
  if (mark === undefined || value.includes("\r")) {
    throw new StartProblem(
      `${name} holds a carriage return, or both ' and \`: such a value can't be handed to wrangler.`,
    );
  }
  return `${mark}${value.replaceAll("$", String.raw`\$`)}${mark}`;
}
