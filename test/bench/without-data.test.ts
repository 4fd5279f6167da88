// The commands without measurement data. Law: one sentence that tells what to set, and exit code 1.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");

describe.each(["bench/detect.ts", "bench/refusals.ts", "scripts/train-classifier.ts"])("%s", (script) => {
  it("tells to set SETBACK_DATA", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--experimental-strip-types", join(root, script)], {
      env: { ...process.env, SETBACK_DATA: "", NODE_NO_WARNINGS: "1" },
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr.trim()).toBe(
      "Set SETBACK_DATA to the folder of the measurement data (it holds labelled/, prompts/, helpful/).",
    );
  });
});
