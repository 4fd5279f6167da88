// `.dev.vars`, where wrangler looks for local secrets: read, and the missing ones drawn at random.
// Law: what is there stays as it is, byte for byte; the file is for its owner's eyes only.
import { randomBytes } from "node:crypto";
import { appendFile, chmod, readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { errorCodeOf } from "../start-problem.ts";
import type { Variables } from "./worker-variables.ts";

const OWNER_ONLY = 0o600;
const SECRET_BYTES = 32;

export interface DevVars {
  readonly variables: Variables;
  /** the names that were added just now */
  readonly added: readonly string[];
}

export async function ensureSecrets(
  file: string,
  names: readonly string[],
  drawSecret: () => string = () => randomBytes(SECRET_BYTES).toString("base64url"),
): Promise<DevVars> {
  const text = await readText(file);
  const variables = parse(text);
  const added = names.filter((name) => (variables[name] ?? "") === "");
  if (added.length === 0) return { variables, added };
  const lines = added.map((name) => `${name}=${drawSecret()}\n`).join("");
  await appendFile(file, text === "" || text.endsWith("\n") ? lines : `\n${lines}`, { mode: OWNER_ONLY });
  await chmod(file, OWNER_ONLY);
  return { variables: { ...variables, ...parse(lines) }, added };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (errorCodeOf(cause) === "ENOENT") return "";
    throw cause;
  }
}

function parse(text: string): Variables {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) variables[name] = value;
  return variables;
}
