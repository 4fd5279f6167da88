// `node test/clients/cut-lock.ts`, after `npm install --package-lock-only` here: leaves the optional packages out of the lockfile,
// which npm itself can do only for all of them at once. promptfoo names 45: browsers, cloud vendors, other models' libraries.
// Law: no version and no hash is changed; what stays is libsql's build for each platform, without which promptfoo does not start.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const KEPT_OPTIONS_OF = "node_modules/libsql";

const packageSchema = z.looseObject({
  optional: z.boolean().optional(),
  /** npm's word for what nothing asks for: it stays when a lockfile that was cut is written anew */
  extraneous: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockSchema = z.looseObject({ packages: z.record(z.string(), packageSchema) });

const file = join(import.meta.dirname, "package-lock.json");
const lock = lockSchema.parse(JSON.parse(readFileSync(file, "utf8")));
const builds = Object.keys(lock.packages[KEPT_OPTIONS_OF]?.optionalDependencies ?? {});
const kept = new Set(builds.map((name) => `node_modules/${name}`));

const packages: Record<string, z.infer<typeof packageSchema>> = {};
for (const [path, { optionalDependencies, ...entry }] of Object.entries(lock.packages)) {
  if (entry.extraneous === true || (entry.optional === true && !kept.has(path))) continue;
  const options = path === KEPT_OPTIONS_OF && optionalDependencies !== undefined ? { optionalDependencies } : {};
  packages[path] = { ...entry, ...options };
}
writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
console.log(`${Object.keys(packages).length} packages stay of ${Object.keys(lock.packages).length}.`);
