// package-lock.json cut down to one platform. npm can leave out all optional packages or none; we want one of them, with its hash.
// Law: no version and no hash that is not in the committed lock; packages are only left out.
import { z } from "zod";
import { StartProblem } from "../start-problem.ts";

const packageSchema = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  optional: z.boolean().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

const lockSchema = z.looseObject({ packages: z.record(z.string(), packageSchema) });

export type Lock = z.infer<typeof lockSchema>;

export interface PlatformLock {
  readonly lock: Lock;
  readonly rootDependencies: Readonly<Record<string, string>>;
}

/** node-llama-cpp's CPU builds, by `process.platform` and `process.arch`; Apple's ARM build is the one with Metal. */
const BINARIES: Readonly<Record<string, string>> = {
  "linux x64": "@node-llama-cpp/linux-x64",
  "linux arm64": "@node-llama-cpp/linux-arm64",
  "darwin x64": "@node-llama-cpp/mac-x64",
  "darwin arm64": "@node-llama-cpp/mac-arm64-metal",
  "win32 x64": "@node-llama-cpp/win-x64",
  "win32 arm64": "@node-llama-cpp/win-arm64",
};

export function platformPackage(platform: string, architecture: string): string {
  const name = BINARIES[`${platform} ${architecture}`];
  if (name !== undefined) return name;
  throw new StartProblem(
    `There is no prebuilt local model for ${platform} on ${architecture}: name another server with SETBACK_UPSTREAM_URL.`,
  );
}

export function readLock(text: string): Lock {
  return lockSchema.parse(JSON.parse(text));
}

export function lockFor(lock: Lock, binaries: string): PlatformLock {
  const root = lock.packages[""];
  const path = `node_modules/${binaries}`;
  const entry = lock.packages[path];
  if (root === undefined || entry?.version === undefined || entry.integrity === undefined) {
    throw new StartProblem(`local/package-lock.json pins no ${binaries}: restore the committed file.`);
  }
  const rootDependencies = { ...root.dependencies, [binaries]: entry.version };
  // A package that the root itself asks for is no longer optional, so `--omit=optional` leaves it in.
  const needed = { ...entry };
  delete needed.optional;
  const packages = { ...lock.packages, "": { ...root, dependencies: rootDependencies }, [path]: needed };
  return { lock: { ...lock, packages }, rootDependencies };
}

/** Whether every package that must be there is there, with its pinned hash. */
export function sameVersions(wanted: PlatformLock, installed: Lock): boolean {
  return Object.entries(wanted.lock.packages)
    .filter(([path, entry]) => path !== "" && entry.optional !== true)
    .every(([path, entry]) => installed.packages[path]?.integrity === entry.integrity);
}
