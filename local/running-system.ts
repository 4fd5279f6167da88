// What `npm start` leaves for those who visit the running system: where it listens and which model is behind it.
// Law: no secret is in it; the key stays in .dev.vars.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const root = join(import.meta.dirname, "..");
const FILE = join(root, ".wrangler", "setback-running.json");

const runningSystemSchema = z.object({
  /** `http://127.0.0.1:8787` */
  url: z.string(),
  /** the model's server itself, past every guardrail: `http://127.0.0.1:40123/v1` */
  upstreamUrl: z.string(),
  upstreamModel: z.string().nullable(),
});

export type RunningSystem = z.infer<typeof runningSystemSchema>;

export async function writeRunningSystem(system: RunningSystem): Promise<void> {
  await writeFile(FILE, JSON.stringify(system), { mode: 0o600 });
}

export async function forgetRunningSystem(): Promise<void> {
  await rm(FILE, { force: true });
}

/** null if nothing was started here. */
export async function readRunningSystem(): Promise<RunningSystem | null> {
  try {
    return runningSystemSchema.parse(JSON.parse(await readFile(FILE, "utf8")));
  } catch {
    return null;
  }
}

/** The operator's key out of .dev.vars; null if there is none. */
export async function readAdminKey(): Promise<string | null> {
  const text = await readFile(join(root, ".dev.vars"), "utf8").catch(() => "");
  return /^SETBACK_ADMIN_KEY="?([^"\r\n]+)"?\s*$/m.exec(text)?.[1] ?? null;
}
