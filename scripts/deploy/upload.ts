// Builds the Worker and uploads it; a dry run only builds. What it did is read from wrangler's own output file, not from its words.
// Law: variables that the operator set in the dashboard stay (`--keep-vars`).
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { problemOf } from "./deploy-problem.ts";
import { ENVIRONMENT } from "./plan.ts";
import type { Wrangler } from "./wrangler.ts";

export interface Uploaded {
  /** where it answers: addresses, crons, queues, in wrangler's words */
  readonly targets: readonly string[];
  readonly compressedKibibytes: number | null;
}

const entrySchema = z.looseObject({
  type: z.literal("deploy"),
  targets: z.array(z.string()).optional(),
  bundle_size: z.looseObject({ gzip_bytes: z.number() }).optional(),
});

export async function build(wrangler: Wrangler): Promise<Uploaded> {
  return await inScratchFolder(
    async (folder) => await deployWith(wrangler, ["--dry-run", "--outdir", join(folder, "worker")], folder),
  );
}

export async function upload(wrangler: Wrangler, variables: Readonly<Record<string, string>>): Promise<Uploaded> {
  const set = Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  return await inScratchFolder(async (folder) => await deployWith(wrangler, ["--keep-vars", ...set], folder));
}

async function deployWith(wrangler: Wrangler, args: readonly string[], folder: string): Promise<Uploaded> {
  const file = join(folder, "output.ndjson");
  const ran = await wrangler(["deploy", "--env", ENVIRONMENT, ...args], {
    environment: { WRANGLER_OUTPUT_FILE_PATH: file },
  });
  if (ran.code !== 0) throw problemOf("The Worker could not be built or uploaded", ran.output);
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  for (const line of lines) {
    const entry = entrySchema.safeParse(JSON.parse(line));
    if (!entry.success) continue;
    const bytes = entry.data.bundle_size?.gzip_bytes;
    return {
      targets: entry.data.targets ?? [],
      compressedKibibytes: bytes === undefined ? null : Math.ceil(bytes / 1024),
    };
  }
  return { targets: [], compressedKibibytes: null };
}

async function inScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "setback-deploy-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
