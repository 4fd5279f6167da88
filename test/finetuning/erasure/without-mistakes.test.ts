// A release without some of its mistakes: exactly their lines go, and manifest and files still fit.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { withoutMistakes, type ReleaseTexts } from "../../../src/finetuning/erasure/without-mistakes.ts";

interface Row {
  readonly split: "train" | "validation";
  readonly mistakeId: string | null;
}

const lineOf = (row: number, { mistakeId }: Row): string => `{"n":${row},"of":"${mistakeId ?? "normal"}"}\n`;

function textsOf(rows: readonly Row[]): ReleaseTexts {
  const ofSplit = (split: Row["split"]): readonly Row[] => rows.filter((each) => each.split === split);
  const lineage = (["train", "validation"] as const).flatMap((split) =>
    ofSplit(split).map(({ mistakeId }, row) =>
      mistakeId === null ? { split, row, type: "normal" } : { split, row, type: "analysis", mistake_id: mistakeId },
    ),
  );
  const withheld = [
    { mistake_id: "m1", reason: "target_flagged" },
    { mistake_id: null, reason: "target_flagged" },
  ];
  return {
    train: ofSplit("train")
      .map((each, row) => lineOf(row, each))
      .join(""),
    validation: ofSplit("validation")
      .map((each, row) => lineOf(row, each))
      .join(""),
    manifest: JSON.stringify({ release_id: "rel_1", lineage, withheld, files: ["old"], future: 1 }),
  };
}

const manifestSchema = z.looseObject({ lineage: z.array(z.looseObject({ mistake_id: z.string().optional() })) });

const row = fc.record({
  split: fc.constantFrom("train" as const, "validation" as const),
  mistakeId: fc.option(fc.constantFrom("m1", "m2", "m3")),
});

describe("withoutMistakes", () => {
  it("takes exactly the lines of the mistakes, and once more takes nothing", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.subarray(["m1", "m2", "m3"]), (rows, gone) => {
        const texts = textsOf(rows);
        const result = withoutMistakes(texts, gone);
        if (!result.ok) throw new Error(result.error);
        const { value } = result;
        for (const split of ["train", "validation"] as const) {
          const lines = texts[split].split("\n").filter((line) => line !== "");
          const left = lines.filter((line) => !gone.some((id) => line.includes(`"${id}"`)));
          expect(value[split]).toBe(left.map((line) => `${line}\n`).join(""));
          expect(value.rows[split]).toBe(left.length);
        }
        const manifest = value.manifestWith([]);
        expect(value.erased).toBe(
          rows.filter(({ mistakeId }) => mistakeId !== null && gone.includes(mistakeId)).length,
        );
        expect(value.counts.analysis + value.counts.normal).toBe(value.rows.train + value.rows.validation);
        for (const id of gone) expect(JSON.stringify(manifest)).not.toContain(`"${id}"`);
        expect(manifest).toMatchObject({ release_id: "rel_1", future: 1, files: [], erased: value.erased });
        const again = withoutMistakes({ ...value, manifest: JSON.stringify(manifest) }, gone);
        expect(again).toMatchObject({
          ok: true,
          value: { train: value.train, erased: value.erased, rows: value.rows },
        });
        expect(manifestSchema.parse(manifest).lineage).toHaveLength(value.rows.train + value.rows.validation);
      }),
    );
  });

  it.each([
    ["no manifest", { manifest: "" }],
    ["a manifest that is none", { manifest: "[]" }],
    ["a line too few", { train: "" }],
    ["a line too many", { validation: "{}\n" }],
  ])("refuses %s", (_, changes) => {
    const texts = { ...textsOf([{ split: "train", mistakeId: "m1" }]), ...changes };
    expect(withoutMistakes(texts, ["m1"]).ok).toBe(false);
  });
});
