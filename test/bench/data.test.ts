// Finding and reading the measurement data. Law: what is missing is said in one sentence, and no row's text is ever told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { promptRow } from "../../bench/data-rows.ts";
import { dataFolder, MissingData, normalisedPrompt, readRows } from "../../bench/data.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setback-data-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(lines: readonly string[]): void {
  mkdirSync(join(folder, "prompts"), { recursive: true });
  writeFileSync(join(folder, "prompts", "mine.jsonl.gz"), gzipSync(lines.join("\n")));
}

describe("dataFolder", () => {
  it("tells to set SETBACK_DATA", () => {
    expect(() => dataFolder({})).toThrow(MissingData);
    expect(() => dataFolder({ SETBACK_DATA: "" })).toThrow("Set SETBACK_DATA");
  });

  it("tells that a folder is not the data", () => {
    expect(() => dataFolder({ SETBACK_DATA: folder })).toThrow("there is no folder labelled/");
  });

  it("names the folder", () => {
    mkdirSync(join(folder, "labelled"));
    expect(dataFolder({ SETBACK_DATA: folder })).toBe(folder);
  });
});

describe("readRows", () => {
  it("reads gzipped JSON lines", () => {
    write(['{"prompt":"How do I bake bread?","extra":1}', '{"prompt":"怎样做面包？","lang":"zh"}', ""]);
    expect(readRows(folder, "prompts/mine", promptRow)).toEqual([
      { prompt: "How do I bake bread?", lang: "en" },
      { prompt: "怎样做面包？", lang: "zh" },
    ]);
  });

  it("names the line of a bad row and keeps its text to itself", () => {
    write(['{"prompt":"fine"}', '{"prompt":7,"note":"private words"}']);
    expect(() => readRows(folder, "prompts/mine", promptRow)).toThrow(/^prompts\/mine\.jsonl\.gz, line 2: [^"]*$/);
  });

  it("names a missing set", () => {
    expect(() => readRows(folder, "prompts/none", promptRow)).toThrow("SETBACK_DATA lacks prompts/none.jsonl.gz.");
  });
});

describe("normalisedPrompt", () => {
  it("makes prompts one that differ in case, width, punctuation and spacing", () => {
    expect(normalisedPrompt("  Ｈow do I\nbake bread?!")).toBe(normalisedPrompt("how do i bake bread"));
  });
});
