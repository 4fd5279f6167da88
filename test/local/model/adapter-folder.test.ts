// Proves that a folder of GGUF files is a list of models.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listAdapters } from "../../../local/model/adapter-folder.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

describe("listAdapters", () => {
  it("names each GGUF after its file and leaves the rest", async () => {
    const folder = await temporaryFolder();
    for (const name of ["b.gguf", "a.v2.gguf", "notes.txt"]) await writeFile(join(folder, name), "");
    const adapters = await listAdapters(folder);
    expect(adapters.map(({ name, file }) => [name, file])).toEqual([
      ["a.v2", join(folder, "a.v2.gguf")],
      ["b", join(folder, "b.gguf")],
    ]);
    expect(adapters.every(({ createdSeconds }) => createdSeconds > 1_000_000_000)).toBe(true);
  });

  it("is empty where there is no folder", async () => {
    const folder = await temporaryFolder();
    expect(await listAdapters(join(folder, "none"))).toEqual([]);
    await mkdir(join(folder, "none"));
    expect(await listAdapters(join(folder, "none"))).toEqual([]);
  });
});
