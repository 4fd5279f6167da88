// The n-grams of a text. Law: the same text gives the same features, wherever it was cut.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextFeatures } from "../../../src/guardrail/edge-classifier/text-features.ts";

interface Feature {
  readonly hash: number;
  readonly word: number;
}

function featuresOf(...pieces: readonly string[]): Feature[] {
  const found: Feature[] = [];
  const features = new TextFeatures({ add: (hash, word) => found.push({ hash, word }) });
  for (const piece of pieces) features.push(piece);
  features.end();
  return found;
}

function hashes(text: string): Set<number> {
  return new Set(featuresOf(text).map(({ hash }) => hash));
}

/** A text and places to cut it, among them between the halves of a surrogate pair. */
const text = fc.string({ unit: "binary", maxLength: 60 });
const cutText = fc.tuple(text, fc.array(fc.nat({ max: 120 }), { maxLength: 6 }));

function cut(whole: string, places: readonly number[]): string[] {
  const ends = [...places.filter((place) => place < whole.length), whole.length].sort((left, right) => left - right);
  return ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
}

describe("TextFeatures", () => {
  it("gives word 1–3-grams and character 3–5-grams within words", () => {
    // «tea»: " te", "tea", "ea ", " tea", "tea ", " tea " and the word alone, as a pair and as a triple.
    expect(featuresOf("tea")).toHaveLength(9);
  });

  it("takes each ideograph as a word", () => {
    expect(featuresOf("面包").map(({ word }) => word)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it("is the same for texts that differ only in case, width, accents, punctuation and zero-width characters", () => {
    expect(hashes("Ｃafé, at NINE!")).toEqual(hashes("ca\u200bfe at nine"));
  });

  it("tells orders and neighbours apart", () => {
    expect(hashes("dog bites man")).not.toEqual(hashes("man bites dog"));
  });

  it("yields the same features however the text is cut", () => {
    fc.assert(
      fc.property(cutText, ([whole, places]) => {
        expect(featuresOf(...cut(whole, places))).toEqual(featuresOf(whole));
      }),
    );
  });

  it("yields the same features when every code unit comes alone", () => {
    const whole = "Ein Café 🙂 serves 面包\ud83d, at 𝐧𝐢𝐧𝐞\udc00!";
    expect(featuresOf(...whole.split(""))).toEqual(featuresOf(whole));
  });

  it("shows what is pending without ending anything", () => {
    fc.assert(
      fc.property(text, (whole) => {
        const found: Feature[] = [];
        const features = new TextFeatures({ add: (hash, word) => found.push({ hash, word }) });
        features.push(whole);
        const before = [...found];
        const pending = features.pending();
        expect(found).toEqual(before);
        features.end();
        expect(found).toEqual([...before, ...pending]);
      }),
    );
  });

  it("ends only once", () => {
    const found: number[] = [];
    const features = new TextFeatures({ add: (hash) => found.push(hash) });
    features.push("tea");
    features.end();
    const count = found.length;
    features.end();
    expect(found).toHaveLength(count);
  });
});
