// Measuring a fast guardrail on a set. Law: flags count, a skipped verdict is no flag, a missing score no ranking.
import { describe, expect, it } from "vitest";
import { judge, report, reportByLanguage } from "../../bench/detect-measure.ts";
import { exchangeOf, type DetectionSet } from "../../bench/detect-sets.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import { judged, skipped } from "../../src/guardrail/verdicts.ts";
import { HARMFUL } from "../../src/policy/category.ts";

/** Scores an answer by the number it says; «skip» is skipped. */
const guardrail: FastGuardrail = {
  id: "number",
  version: "1",
  sides: ["output"],
  categories: [HARMFUL],
  check(exchange, side) {
    const text = exchange.answer[0]?.text ?? "";
    if (text === "skip") return skipped(this, side, "asked to");
    const score = Number(text);
    const finding = { rule: "number", category: HARMFUL, span: null, message: "high" };
    return judged(this, side, score >= 0.5 ? [finding] : [], { score, threshold: 0.5 });
  },
};

const set: DetectionSet = {
  name: "numbers",
  side: "output",
  use: "labelled",
  samples: [
    { exchange: exchangeOf("a", "0.9"), harmful: true, language: "en", promptFitted: false },
    { exchange: exchangeOf("b", "0.2"), harmful: true, language: "zh", promptFitted: false },
    { exchange: exchangeOf("c", "0.6"), harmful: false, language: "en", promptFitted: false },
    { exchange: exchangeOf("d", "0.1"), harmful: false, language: "zh", promptFitted: false },
    { exchange: exchangeOf("e", "skip"), harmful: false, language: "zh", promptFitted: false },
  ],
};

describe("report", () => {
  it("counts at the threshold and ranks by score", () => {
    const result = report(judge(guardrail, set));
    expect(result).toMatchObject({ samples: 5, harmful: 2, notJudged: 1, auroc: 0.75 });
    expect(result.atThreshold.recall).toMatchObject({ count: 1, total: 2 });
    expect(result.atThreshold.precision).toMatchObject({ count: 1, total: 2 });
    expect(result.atThreshold.falsePositiveRate).toMatchObject({ count: 1, total: 3 });
    expect(result.atThreshold.f1).toBe(0.5);
  });

  it("reports languages apart", () => {
    const byLanguage = reportByLanguage(judge(guardrail, set), 0.15);
    expect(Object.keys(byLanguage)).toEqual(["en", "zh"]);
    expect(byLanguage["zh"]).toMatchObject({ samples: 3, notJudged: 1, auroc: 1, escalated: { count: 1, total: 3 } });
  });

  it("has no figures of nothing", () => {
    expect(report([])).toMatchObject({ samples: 0, auroc: null, atThreshold: { recall: null, f1: null } });
  });
});
