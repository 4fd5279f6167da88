// Logistic regression and its minimiser. Law: the known minimum, and a bias that preferences leave alone.
import { describe, expect, it } from "vitest";
import { inverseDocumentFrequency, scaled } from "../../../scripts/train-classifier/document-frequency.ts";
import { minimise } from "../../../scripts/train-classifier/limited-memory-bfgs.ts";
import { fitLogisticRegression, type Row } from "../../../scripts/train-classifier/logistic-regression.ts";
import { difference, sparseVector, type SparseVector } from "../../../scripts/train-classifier/sparse-vector.ts";

const LIMITS = { iterations: 200, tolerance: 1e-12 };

function vector(entries: Readonly<Record<number, number>>): SparseVector {
  const indices = Int32Array.from(Object.keys(entries), Number);
  return { indices, values: Float64Array.from(Object.values(entries)) };
}

function row(features: SparseVector, positive: boolean, preference = false): Row {
  return { vector: features, positive, weight: 1, preference };
}

describe("minimise", () => {
  it("finds the minimum of a long valley", () => {
    const found = minimise(
      (point, gradient) => {
        const [x = 0, y = 0] = point;
        gradient[0] = 2 * (x - 3);
        gradient[1] = 200 * (y + 1);
        return (x - 3) ** 2 + 100 * (y + 1) ** 2;
      },
      2,
      LIMITS,
    );
    expect(found[0]).toBeCloseTo(3, 4);
    expect(found[1]).toBeCloseTo(-1, 4);
  });

  it("stays where the function is flat", () => {
    expect(minimise(() => 1, 2, LIMITS)).toEqual(Float64Array.of(0, 0));
  });
});

describe("fitLogisticRegression", () => {
  it("gives the log-odds where nothing but the bias can tell", () => {
    const rows = [true, true, true, false].map((positive) => row(vector({}), positive));
    const { bias } = fitLogisticRegression(rows, 1, 0.1, LIMITS);
    expect(bias).toBeCloseTo(Math.log(3), 4);
  });

  it("keeps weights at nought under heavy regularisation", () => {
    const rows = [row(vector({ 0: 1 }), true), row(vector({ 1: 1 }), false)];
    const { weights } = fitLogisticRegression(rows, 2, 1e6, LIMITS);
    expect(Math.max(...weights.map(Math.abs))).toBeLessThan(1e-5);
  });

  it("learns from preferences without moving the bias", () => {
    const { weights, bias } = fitLogisticRegression([row(vector({ 0: 1, 1: -1 }), true, true)], 2, 0.01, LIMITS);
    expect(weights[0]).toBeGreaterThan(0.5);
    expect(weights[1]).toBeCloseTo(-(weights[0] ?? 0), 9);
    expect(bias).toBe(0);
  });
});

describe("inverseDocumentFrequency", () => {
  it("scales by how rare a feature is, preferences not counted", () => {
    const rows = [row(vector({ 0: 1, 1: 1 }), true), row(vector({ 0: 1 }), false), row(vector({ 2: 1 }), true, true)];
    const rarity = inverseDocumentFrequency(rows, 3);
    expect([...rarity]).toEqual([0, Math.log(3 / 2), Math.log(3)]);
    expect([...scaled(vector({ 0: 5, 2: 2 }), rarity).values]).toEqual([0, 2 * Math.log(3)]);
  });
});

describe("sparseVector", () => {
  it("gives each block its length", () => {
    const blocks = [
      { buckets: new Set([1, 3]), length: 1 },
      { buckets: new Set([0, 1, 2, 3]), length: 0.5 },
      { buckets: new Set<number>(), length: 1 },
    ];
    const { indices, values } = sparseVector(blocks, 2);
    expect([...indices]).toEqual([1, 3, 4, 5, 6, 7]);
    expect(Math.hypot(...values.slice(0, 2))).toBeCloseTo(1, 9);
    expect(Math.hypot(...values.slice(2))).toBeCloseTo(0.5, 9);
  });

  it("subtracts, leaving out what cancels", () => {
    const { indices, values } = difference(vector({ 0: 1, 1: 2 }), vector({ 0: 1, 2: 3 }));
    expect([...indices]).toEqual([1, 2]);
    expect([...values]).toEqual([2, -3]);
  });
});
