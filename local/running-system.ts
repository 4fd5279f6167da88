// What `npm start` leaves for those who visit the running system: where it listens and which model is behind it.
// Law: no secret is in it; the key stays in .dev.vars.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const root = join(import.meta.dirname, "..");
const FOLDER = join(root, ".wrangler");

function fileOf(port: number): string {
  return join(FOLDER, `setback-running-${port}.json`);
}

const runningSystemSchema = z.object({
  /** `http://127.0.0.1:8787` */
  url: z.string(),
  /** the model's server itself, past every guardrail: `http://127.0.0.1:40123/v1` */
  upstreamUrl: z.string(),
  upstreamModel: z.string().nullable(),
});

export type RunningSystem = z.infer<typeof runningSystemSchema>;

export async function writeRunningSystem(port: number, system: RunningSystem): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(fileOf(port), JSON.stringify(system), { mode: 0o600 });
}

export async function forgetRunningSystem(port: number): Promise<void> {
  await rm(fileOf(port), { force: true });
}

/** null if nothing was started on that port. */
export async function readRunningSystem(port: number): Promise<RunningSystem | null> {
  try {
    return runningSystemSchema.parse(JSON.parse(await readFile(fileOf(port), "utf8")));
  } catch {
    return null;
  }
}

/** The operator's key, from the environment or else .dev.vars; null if there is none. */
export async function readAdminKey(): Promise<string | null> {
  const given = process.env["SETBACK_ADMIN_KEY"] ?? "";
  if (given !== "") return given;
  const text = await readFile(join(root, ".dev.vars"), "utf8").catch(() => "");
  return /^SETBACK_ADMIN_KEY="?([^"\r\n]+)"?\s*$/m.exec(text)?.[1] ?? null;
}
