// The aims of the gateway's speed. Law: what was not measured is missed, and the summary has at most 12 lines.
import { describe, expect, it } from "vitest";
import { aimLine, judgeAims, PARTS, type Measured } from "../../../bench/gateway/aims.ts";
import type { Leak } from "../../../bench/gateway/leaks.ts";
import { held, type Cell, type SystemFigures } from "../../../bench/gateway/measure.ts";
import { SCENARIOS } from "../../../bench/gateway/scenarios.ts";
import { median, quantile } from "../../../bench/gateway/statistics.ts";

const PACE = { p50: 5, p99: 6 };

const FIGURES: SystemFigures = {
  exchanges: 10,
  errors: 0,
  firstError: null,
  requestsPerSecond: 100,
  roundsRequestsPerSecond: [100],
  ratioToUntouched: 1,
  ratioToPortkey: 1.5,
  firstTextMilliseconds: { p50: 50, p99: 60 },
  endMilliseconds: { p50: 500, p99: 510 },
  gapMilliseconds: PACE,
  heldMilliseconds: 0,
  processorMillisecondsPerExchange: 1,
  eventsPerProcessorSecond: 100,
  peakMebibytes: 200,
  peakGrowthMebibytes: 10,
};

function cell(scenario: string, kind: Cell["kind"], setback: Partial<SystemFigures> = {}, concurrency = 64): Cell {
  const systems = { direct: FIGURES, untouched: FIGURES, setback: { ...FIGURES, ...setback }, portkey: FIGURES };
  return { scenario, kind, concurrency, exchangesPerRound: 1, systems };
}

const LEAK: Leak = {
  scenario: "bench-leak-whole-paced",
  system: "setback",
  exchanges: 20,
  errors: 0,
  charactersLeaked: 0,
  charactersVisible: 100,
  blocked: 20,
};

const MET: Measured = {
  cells: [
    cell("bench-json", "json"),
    cell("bench-json-4k", "json"),
    cell("bench-stream-1000", "stream"),
    cell("bench-paced", "paced"),
  ],
  leaks: [LEAK],
};

function missed(measured: Measured): string[] {
  return judgeAims(measured, PARTS)
    .filter(({ met }) => !met)
    .map(({ name }) => name);
}

describe("judgeAims", () => {
  it("meets every aim, in at most 12 lines", () => {
    expect(missed(MET)).toEqual([]);
    expect(judgeAims(MET, PARTS).length).toBeLessThanOrEqual(12);
  });

  it.each([
    ["JSON to the untouched body", cell("bench-json", "json", { ratioToUntouched: 0.79 })],
    ["JSON to Portkey", cell("bench-json", "json", { ratioToPortkey: 1 })],
    ["JSON to Portkey", cell("bench-json", "json", { ratioToPortkey: null })],
    ["processor time of a 4 KiB exchange", cell("bench-json-4k", "json", { processorMillisecondsPerExchange: 5.1 })],
    ["un-paced stream to the untouched body", cell("bench-stream-1", "stream", { ratioToUntouched: 0.7 })],
    ["memory, in answers", cell("bench-stream-1000", "stream", { peakGrowthMebibytes: 150 })],
    [
      "first text, added beyond held characters' time, p50",
      cell("bench-paced", "paced", { firstTextMilliseconds: { p50: 56, p99: 60 } }),
    ],
    ["gaps p99, added", cell("bench-paced", "paced", { gapMilliseconds: { p50: 5, p99: 12 } })],
    ["end, added, p50", cell("bench-paced", "paced", { endMilliseconds: { p50: 506, p99: 510 } })],
    ["errors", cell("bench-json", "json", { errors: 1 })],
  ])("misses %s", (name, worse) => {
    expect(missed({ ...MET, cells: [...MET.cells, worse] })).toEqual([name]);
  });

  it("counts the time that the model took for held characters as theirs", () => {
    const first = { p50: 64, p99: 70 };
    const cells = [...MET.cells, cell("bench-paced", "paced", { firstTextMilliseconds: first, heldMilliseconds: 10 })];
    expect(missed({ ...MET, cells })).toEqual([]);
  });

  it.each([{ charactersLeaked: 1 }, { blocked: 19 }, { exchanges: 0, blocked: 0 }])("misses a leak: %j", (worse) => {
    expect(missed({ ...MET, leaks: [{ ...LEAK, ...worse }] })).toEqual(["characters leaked before a block"]);
  });

  it("judges only the parts that were asked for, and what is missing there as missed", () => {
    expect(judgeAims({ cells: [], leaks: [] }, ["leak"]).map(aimLine)).toEqual([
      "MISSED characters leaked before a block: not measured (aim ≤ 0)",
      "met    errors: 0.00 (leak) (aim ≤ 0)",
    ]);
  });
});

describe("held", () => {
  const paced = SCENARIOS.find(({ kind }) => kind === "paced");

  it.each([
    ["The", 0],
    ["The old mill", 10],
    ["x".repeat(1000), 60],
  ])("of a first text %.12s is its model's time", (text, milliseconds) => {
    if (paced === undefined) throw new Error("no paced scenario");
    expect(held(paced, [{ atMilliseconds: 50, text }])).toBe(milliseconds);
  });
});

describe("statistics", () => {
  it("knows medians and quantiles, and none of nothing", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(median([])).toBeNaN();
    expect(quantile([], 0.5)).toBeNaN();
  });
});
