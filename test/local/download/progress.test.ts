// Proves what an operator sees of a download.
import { describe, expect, it } from "vitest";
import { createProgress } from "../../../local/download/progress.ts";

function watch(isTTY: boolean): { lines: string[]; report: (bytes: number) => void } {
  const lines: string[] = [];
  const output = { isTTY, write: (text: string) => lines.push(text) };
  return { lines, report: createProgress("Weights", 100_000_000, output) };
}

describe("createProgress", () => {
  it("draws a bar on a terminal and ends its line once", () => {
    const { lines, report } = watch(true);
    for (const bytes of [0, 50_000_000, 100_000_000, 100_000_000]) report(bytes);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toBe(`\rWeights ${"█".repeat(15)}${"░".repeat(15)} 50 % 50/100 MB`);
    expect(lines[2]?.endsWith("\n")).toBe(true);
  });

  it("writes a line every tenth elsewhere", () => {
    const { lines, report } = watch(false);
    for (let bytes = 0; bytes <= 100_000_000; bytes += 1_000_000) report(bytes);
    expect(lines).toHaveLength(11);
    expect(lines[3]).toBe("Weights 30 % 30/100 MB\n");
  });
});
