// The aims of the store's speed. Law: a figure beside its limit is judged by it, and what was not measured is missed.
import { describe, expect, it } from "vitest";
import { judgeStore, type Measured } from "../../../bench/store/aims.ts";

const GOOD: Measured = {
  many: 1_000_000,
  seconds: 60,
  bytesAMistake: 4000,
  answered: (["mistakes", "lists"] as const).map((group) => ({
    question: { group, path: `/${group}` },
    milliseconds: Array.from({ length: 50 }, () => 5),
  })),
  retention: [100, 110, 120],
  sizes: [
    { name: "mistakes", bytes: 3_000_000_000 },
    { name: "mistakes_by_key", bytes: 100_000_000 },
  ],
};

const missed = (changes: Partial<Measured>): readonly string[] =>
  judgeStore({ ...GOOD, ...changes }).flatMap(({ met, text }) => (met ? [] : [text]));

/** As good as `GOOD`, but for these answers to questions of one group. */
function answering(group: "mistakes" | "lists", milliseconds: readonly number[]): Measured["answered"] {
  return GOOD.answered.map((answered) =>
    answered.question.group === group ? { ...answered, milliseconds: [...milliseconds] } : answered,
  );
}

describe("the summary of the store's benchmark", () => {
  it("is met, in at most 12 lines, where every figure is good", () => {
    expect(missed({})).toEqual([]);
    expect(judgeStore(GOOD).length).toBeLessThanOrEqual(12);
  });

  it("misses the aim of all answers by their own p99, though every median is good", () => {
    const some = Array.from({ length: 50 }, (_, index) => (index < 3 ? 620 : 5));
    const [line, ...more] = missed({ answered: answering("lists", some) });
    expect(line).toContain("p99 < 50 ms: 620.0 ms, p50 5.0 ms");
    expect(more).toEqual([]);
  });

  it.each(["mistakes", "lists"] as const)("misses the aim of %s by the slowest question's median", (group) => {
    const lines = missed({ answered: answering(group, [5, 50, 60]) });
    expect(lines[0]).toContain(`${group}: the slowest of 1 questions < 50 ms: 50.0 ms`);
  });

  it.each<[string, Partial<Measured>, string]>([
    ["fewer mistakes", { many: 999_999 }, "mistakes stored: 999999"],
    ["slow retention", { retention: [1000] }, "retention, a batch of 200 < 1000 ms: 1000 ms"],
    ["no retention", { retention: [] }, "NaN"],
  ])("misses it with %s", (_, changes, text) => {
    const lines = missed(changes);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(text);
  });

  it("misses every aim of answers where nothing was asked, or a question was never answered", () => {
    expect(missed({ answered: [] })).toHaveLength(3);
    expect(missed({ answered: answering("lists", []) })).toHaveLength(1);
  });
});
