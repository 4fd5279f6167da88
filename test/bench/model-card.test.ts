// The model card and the weights it tells of. Law: weights are not changed without their card, and stay ≤ 512 KiB.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { THRESHOLDS, WEIGHTS } from "../../src/guardrail/edge-classifier/weights.ts";

const root = join(import.meta.dirname, "..", "..");
const card = readFileSync(join(root, "docs", "model-card.md"), "utf8");

describe("docs/model-card.md", () => {
  it("names the version of the committed weights", () => {
    expect(card).toContain(`Version \`${WEIGHTS.version}\``);
  });

  it("names the output threshold", () => {
    expect(card).toContain(`output threshold (${THRESHOLDS.output ?? "none"})`);
  });
});

it("the committed weights take at most 512 KiB", () => {
  const file = join(root, "src", "guardrail", "edge-classifier", "weights.ts");
  expect(statSync(file).size).toBeLessThanOrEqual(512 * 1024);
});
