// Proves that the schedule is read from wrangler.toml.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cronsOf } from "../../../local/launch/wrangler.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

describe("cronsOf", () => {
  it("gives the triggers, or none", async () => {
    const folder = await temporaryFolder();
    const base = 'name = "x"\ncompatibility_date = "2026-10-01"\n';
    await writeFile(join(folder, "wrangler.toml"), base);
    expect(cronsOf(folder)).toEqual([]);
    await writeFile(join(folder, "wrangler.toml"), `${base}[triggers]\ncrons = ["* * * * *"]\n`);
    expect(cronsOf(folder)).toEqual(["* * * * *"]);
  });
});
