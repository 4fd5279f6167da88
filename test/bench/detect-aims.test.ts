// The aims of detection. Law: what was not measured is missed, and the summary has at most 12 lines.
import { describe, expect, it } from "vitest";
import { aimLine, judgeAims, type Figures } from "../../bench/detect-aims.ts";
import { compareSplits } from "../../bench/detect-disjoint.ts";
import { proportion } from "../../bench/detect-metrics.ts";

const MET: Figures = {
  auroc: { beavertails_test: 0.75, pku_saferlhf_test: 0.65, do_not_answer: 0.91 },
  benignExchanges: proportion(1, 100),
  lossPoints: { base64: 5, spacing: -1 },
  megabytesPerSecond: 10,
  weightsKib: 512,
  disjoint: compareSplits([], [], []),
};

const missed = (figures: Figures): string[] =>
  judgeAims(figures)
    .filter(({ met }) => !met)
    .map(({ name }) => name);

describe("judgeAims", () => {
  it("meets every aim at its limit", () => {
    expect(missed(MET)).toEqual([]);
    expect(judgeAims(MET).length).toBeLessThanOrEqual(12);
  });

  it.each([
    ["AUROC beavertails_test", { ...MET, auroc: { ...MET.auroc, beavertails_test: 0.749 } }],
    ["AUROC pku_saferlhf_test", { ...MET, auroc: { ...MET.auroc, pku_saferlhf_test: null } }],
    ["AUROC do_not_answer", { ...MET, auroc: { beavertails_test: 0.75, pku_saferlhf_test: 0.65 } }],
    ["false positives, benign exchanges", { ...MET, benignExchanges: proportion(2, 100) }],
    ["false positives, benign exchanges", { ...MET, benignExchanges: null }],
    ["recall lost in disguise", { ...MET, lossPoints: { ...MET.lossPoints, spacing: 5.1 } }],
    ["recall lost in disguise", { ...MET, lossPoints: { ...MET.lossPoints, spacing: null } }],
    ["hot path", { ...MET, megabytesPerSecond: 9.9 }],
    ["weights", { ...MET, weightsKib: 513 }],
    ["fit, calibration and test share", { ...MET, disjoint: { ...MET.disjoint, sharedWordings: 1 } }],
    ["fit, calibration and test share", { ...MET, disjoint: { ...MET.disjoint, familiesInTwoParts: ["persona"] } }],
  ])("misses %s", (name, figures) => {
    expect(missed(figures)).toEqual([name]);
  });

  it("says aim, figure and whether it was met in a line", () => {
    const lines = judgeAims({ ...MET, weightsKib: 600 }).map(aimLine);
    expect(lines).toContain("MISSED weights: 600 KiB (aim ≤ 512 KiB)");
    expect(lines[0]).toBe("met    AUROC beavertails_test: 0.7500 (aim ≥ 0.75)");
  });
});
