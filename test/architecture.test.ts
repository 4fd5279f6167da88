// Enforces the laws of the house (docs/architecture.md): imports go down, and each library has its floors.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const source = join(root, "src");

/** Floors from the ground up. Within one list, imports go only leftwards; `null` order means free within the floor. */
const FLOORS: { name: string; folders: readonly string[]; ordered: boolean }[] = [
  { name: "F0", folders: ["lib"], ordered: false },
  { name: "F1", folders: ["problem.ts", "config.ts", "wire"], ordered: false },
  { name: "F2", folders: ["access", "model", "policy", "guardrail", "mistake", "release"], ordered: true },
  { name: "F3", folders: ["db", "adapters"], ordered: true },
  { name: "F4", folders: ["generation", "analysis", "induction", "finetuning"], ordered: true },
  { name: "F5", folders: ["middleware", "jobs", "routes"], ordered: true },
  {
    name: "F6",
    folders: ["privacy-services.ts", "capture-services.ts", "services.ts", "app.ts", "index.ts"],
    ordered: true,
  },
];

const FORBIDDEN_FOLDERS = new Set(["utils", "helpers", "common", "types", "services"]);

/** Libraries and where they may be named. */
const LIBRARIES: { pattern: RegExp; allowed: (file: string) => boolean; sentence: string }[] = [
  {
    pattern: /^(hono|@hono\/.*|hono\/.*)$/,
    allowed: (file) => ["F5", "F6"].includes(floorOf(file).name),
    sentence: "hono is known only on F5 and F6",
  },
  {
    pattern: /^drizzle-orm(\/.*)?$/,
    allowed: (file) => file.startsWith("db/") || file.startsWith("adapters/d1/"),
    sentence: "drizzle-orm is known only in db/ and adapters/d1",
  },
  {
    pattern: /^cloudflare:.*$/,
    allowed: (file) => ["F3", "F6"].includes(floorOf(file).name),
    sentence: "cloudflare:* is known only on F3 and F6",
  },
];

function floorOf(file: string): { name: string; index: number; place: number; ordered: boolean } {
  const top = file.split("/")[0] ?? file;
  for (const [index, floor] of FLOORS.entries()) {
    const place = floor.folders.indexOf(top);
    if (place >= 0) return { name: floor.name, index, place, ordered: floor.ordered };
  }
  throw new Error(`src/${file} stands on no floor: move it into one of the folders that docs/architecture.md lists.`);
}

function sourceFiles(): string[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}

function importsOf(file: string): { text: string; target: string | null }[] {
  const text = readFileSync(join(source, file), "utf8");
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
    text: fileName,
    target: fileName.startsWith(".") ? relative(source, resolve(source, dirname(file), fileName)) : null,
  }));
}

const files = sourceFiles();
const graph = new Map(files.map((file) => [file, importsOf(file)]));

describe("the house", () => {
  it.each(files)("imports of src/%s go down", (file) => {
    const from = floorOf(file);
    const faults: string[] = [];
    for (const { text, target } of graph.get(file) ?? []) {
      if (target === null) {
        for (const library of LIBRARIES) {
          if (library.pattern.test(text) && !library.allowed(file))
            faults.push(`${library.sentence}, not in src/${file}`);
        }
        continue;
      }
      if (!text.endsWith(".ts") && !text.endsWith(".json")) faults.push(`"${text}" must name its file with its ending`);
      const to = floorOf(target);
      if (to.index > from.index) faults.push(`src/${file} (${from.name}) must not import src/${target} (${to.name})`);
      if (to.index === from.index && from.ordered && to.place > from.place) {
        faults.push(`within ${from.name} imports go leftwards: src/${file} must not import src/${target}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it("has no circle", () => {
    const state = new Map<string, "open" | "done">();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
        return;
      }
      state.set(file, "open");
      for (const { target } of graph.get(file) ?? []) if (target !== null) visit(target, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("has no folder whose name says nothing, and no barrel", () => {
    const faults = files.flatMap((file) => [
      ...file
        .split("/")
        .slice(0, -1)
        .filter((folder) => FORBIDDEN_FOLDERS.has(folder))
        .map((folder) => `src/${file}: a folder called "${folder}" says nothing`),
      ...(file !== "index.ts" && file.endsWith("/index.ts") ? [`src/${file}: no barrels`] : []),
    ]);
    expect(faults).toEqual([]);
  });

  it.each(files)("src/%s opens with its purpose and stays under 300 lines", (file) => {
    const text = readFileSync(join(source, file), "utf8");
    expect(text.startsWith("//"), `src/${file} must open with its purpose in one to four lines`).toBe(true);
    expect(text.split("\n").length, `src/${file} is too long: one idea a file`).toBeLessThanOrEqual(301);
  });

  it("knows Env only on F3 and F6", () => {
    const faults = files.filter((file) => {
      const mentions = (graph.get(file) ?? []).some(({ target }) => target === "adapters/env.ts");
      return mentions && !["F3", "F6"].includes(floorOf(file).name);
    });
    expect(faults, "Env is known only on F3 and F6: ports take plain values").toEqual([]);
  });
});
