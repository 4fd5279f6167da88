// The LoRA adapters that lie in a folder: each GGUF file is a model under its file name.
// Law: a name from outside is only ever compared with this list, never made into a path.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelListing } from "./text-model.ts";

const ENDING = ".gguf";

export interface Adapter extends ModelListing {
  readonly file: string;
}

export async function listAdapters(folder: string): Promise<readonly Adapter[]> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith(ENDING)).sort();
  return await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const { mtimeMs } = await stat(file);
      return { name: name.slice(0, -ENDING.length), file, createdSeconds: Math.floor(mtimeMs / 1000) };
    }),
  );
}

/** No folder is no adapter: most people have none. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw cause;
  }
}
