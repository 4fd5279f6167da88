// Proves that the library is installed once, whole or not at all, with an npm that is a script of the test.
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ensureInstalled } from "../../local/install.ts";
import { ChildProcesses } from "../../local/launch/child-processes.ts";
import { temporaryFolder } from "./fakes/temporary-folder.ts";

const localFolder = join(import.meta.dirname, "../../local");

/** An npm that installs what the lock says, by writing npm's own note of it. */
const WORKING = `
fs.appendFileSync(process.argv[1] + ".calls", process.argv.slice(2).join(" ") + "\\n");
fs.mkdirSync("node_modules");
fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json");
`;

afterEach(() => {
  vi.unstubAllEnvs();
});

async function prepare(npmCode: string): Promise<{ folder: string; npm: string; install: () => Promise<void> }> {
  const folder = await temporaryFolder();
  for (const name of ["package.json", "package-lock.json"]) await copyFile(join(localFolder, name), join(folder, name));
  const npm = join(await temporaryFolder(), "npm.cjs");
  await writeFile(npm, `const fs = require("node:fs");\n${npmCode}`);
  vi.stubEnv("npm_execpath", npm);
  const install = async (): Promise<void> => {
    await ensureInstalled({ folder, processes: new ChildProcesses(), log: () => undefined });
  };
  return { folder, npm, install };
}

describe("ensureInstalled", () => {
  it("installs from the lock without scripts and without the other platforms, once", async () => {
    const { folder, npm, install } = await prepare(WORKING);
    await install();
    await install();
    const calls = (await readFile(`${npm}.calls`, "utf8")).trim().split("\n");
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/^ci --omit=optional --ignore-scripts/);
    expect(await readdir(folder)).toEqual(["node_modules", "package-lock.json", "package.json"]);
  });

  it("replaces another version", async () => {
    const { folder, npm, install } = await prepare(WORKING);
    await mkdir(join(folder, "node_modules"));
    await writeFile(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: {} }));
    await install();
    expect((await readFile(`${npm}.calls`, "utf8")).trim().split("\n")).toHaveLength(1);
  });

  it("says what npm said, leaves nothing behind and keeps what was there", async () => {
    const { folder, install } = await prepare(`
      fs.mkdirSync("node_modules");
      console.error("npm error code ENOTFOUND\\nnpm error network request failed\\nnpm error A complete log of this run");
      process.exit(1);
    `);
    await expect(install()).rejects.toThrow(
      "could not be installed (npm said: code ENOTFOUND network request failed).",
    );
    expect(await readdir(folder)).toEqual(["package-lock.json", "package.json"]);
  });
});
