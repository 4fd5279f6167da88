// Installs the clients beside this file, as their lockfile says. Law: what is installed already is not installed again; install
// scripts never run.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const folder = import.meta.dirname;
const entrySchema = z.looseObject({ integrity: z.string().optional(), optional: z.boolean().optional() });
const lockSchema = z.looseObject({ packages: z.record(z.string(), entrySchema) });

export function ensureClients(): void {
  if (isInstalled()) return;
  console.log("Installing the clients (about 400 packages, 310 MB, once) …");
  const [program, ...before] = npmCommand();
  const args = [...before, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
  const { status, error } = spawnSync(program, args, {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32" && before.length === 0,
  });
  if (status !== 0) throw new Error(`The clients could not be installed: ${error?.message ?? "see what npm said"}.`);
}

function isInstalled(): boolean {
  try {
    // npm's own note of what lies in node_modules; a build for another platform is rightly missing.
    const wanted = Object.entries(readLock("package-lock.json"));
    const found = readLock(join("node_modules", ".package-lock.json"));
    return wanted.every(
      ([path, entry]) => path === "" || entry.optional === true || found[path]?.integrity === entry.integrity,
    );
  } catch {
    return false;
  }
}

function readLock(file: string): z.infer<typeof lockSchema>["packages"] {
  return lockSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))).packages;
}

/** `npm run` names its own npm; it runs on the Node that runs us. */
function npmCommand(): [string, ...string[]] {
  const script = process.env["npm_execpath"];
  return script === undefined ? ["npm"] : [process.execPath, script];
}
