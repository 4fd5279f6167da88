// Proves that secrets are drawn once, for the owner alone, and that an operator's file is never rewritten.
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureSecrets } from "../../../local/launch/dev-vars.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const names = ["SETBACK_ADMIN_KEY", "SETBACK_HASH_SECRET"];

describe("ensureSecrets", () => {
  it("writes 256 random bits each, readable by the owner only", async () => {
    const file = join(await temporaryFolder(), ".dev.vars");
    const { variables, added } = await ensureSecrets(file, names);
    expect(added).toEqual(names);
    const text = await readFile(file, "utf8");
    expect(text).toMatch(/^SETBACK_ADMIN_KEY=[\w-]{43}\nSETBACK_HASH_SECRET=[\w-]{43}\n$/);
    expect(text).toContain(variables["SETBACK_ADMIN_KEY"]);
    expect(variables["SETBACK_ADMIN_KEY"]).not.toBe(variables["SETBACK_HASH_SECRET"]);
    if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("changes nothing on later starts", async () => {
    const file = join(await temporaryFolder(), ".dev.vars");
    const first = await ensureSecrets(file, names);
    const text = await readFile(file, "utf8");
    const second = await ensureSecrets(file, names);
    expect(second).toEqual({ variables: first.variables, added: [] });
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it.each(["# mine\nSETBACK_ADMIN_KEY='my key'\nOTHER=1\n", "# mine\nSETBACK_ADMIN_KEY='my key'\nOTHER=1"])(
    "keeps what the operator wrote and adds only what is missing",
    async (text) => {
      const file = join(await temporaryFolder(), ".dev.vars");
      await writeFile(file, text);
      const { variables, added } = await ensureSecrets(file, names, () => "drawn");
      expect(added).toEqual(["SETBACK_HASH_SECRET"]);
      expect(variables).toEqual({ SETBACK_ADMIN_KEY: "my key", OTHER: "1", SETBACK_HASH_SECRET: "drawn" });
      expect(await readFile(file, "utf8")).toBe(`${text.trimEnd()}\nSETBACK_HASH_SECRET=drawn\n`);
    },
  );
});
