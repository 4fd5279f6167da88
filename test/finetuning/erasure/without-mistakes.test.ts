// A part of a release without some of its mistakes: exactly their lines go, and lineage and files still fit, whatever the format.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutMistakes } from "../../../src/finetuning/erasure/without-mistakes.ts";
import type { LineageEntry, LineagePart } from "../../../src/finetuning/release-lineage.ts";
import { RELEASE_FORMAT_WRITERS } from "../../../src/finetuning/formats/release-formats.ts";
import { dataFileName, readDataFileName } from "../../../src/release/release-file-name.ts";
import { RELEASE_FORMATS, SPLITS } from "../../../src/release/release.ts";

interface Row {
  readonly split: "train" | "validation";
  readonly type: LineageEntry["type"];
  readonly mistakeId: string | null;
}

function lineageOf(rows: readonly Row[]): LineagePart {
  const lineage = SPLITS.flatMap((split) => {
    const own = rows.filter((row) => row.split === split);
    const groups = [own.filter(({ type }) => type !== "preference"), own.filter(({ type }) => type === "preference")];
    return groups.flatMap((group) =>
      group.map(({ type, mistakeId }, row) => ({
        ...{ split, row, type },
        ...(mistakeId === null ? {} : { mistake_id: mistakeId }),
      })),
    );
  });
  const withheld = [
    { mistake_id: "m1", reason: "target_flagged" },
    { mistake_id: null, reason: "target_flagged" },
  ];
  return { lineage, members: [{ mistake_id: "m2" }], withheld };
}

/** Every format's files, as their rows' lineage has them. */
function textsOf({ lineage }: LineagePart): ReadonlyMap<string, string> {
  return new Map(
    RELEASE_FORMATS.flatMap((format) =>
      SPLITS.map((split): [string, string] => {
        const own = lineage.filter(
          (entry) => entry.split === split && RELEASE_FORMAT_WRITERS[format].types.includes(entry.type),
        );
        const lines = own.map(({ type, mistake_id: id }, place) => `{"n":${place},"${type}":"${id ?? "normal"}"}\n`);
        return [dataFileName({ format, split, part: 1 }), lines.join("")];
      }),
    ),
  );
}

const row = fc.record({
  split: fc.constantFrom(...SPLITS),
  type: fc.constantFrom("analysis" as const, "correction" as const, "normal" as const, "preference" as const),
  mistakeId: fc.option(fc.constantFrom("m1", "m2", "m3")),
});

describe("withoutMistakes", () => {
  it("takes exactly the lines of the mistakes out of every file, and once more takes nothing", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.subarray(["m1", "m2", "m3"]), (rows, gone) => {
        const lineage = lineageOf(rows);
        const texts = textsOf(lineage);
        const result = withoutMistakes(texts, lineage, gone);
        if (!result.ok) throw new Error(result.error);
        const { value } = result;
        for (const [name, text] of texts) {
          const left = text.split("\n").filter((line) => line !== "" && !gone.some((id) => line.includes(`"${id}"`)));
          const kept = value.texts.get(name);
          expect(kept?.text).toBe(left.map((line) => `${line}\n`).join(""));
          expect(kept?.rows).toBe(left.length);
        }
        const wanted = rows.filter(({ mistakeId }) => mistakeId !== null && gone.includes(mistakeId)).length;
        expect(Object.values(value.gone).reduce((sum, count) => sum + count, 0)).toBe(wanted);
        for (const id of gone) expect(JSON.stringify(value.lineage)).not.toContain(`"${id}"`);
        const after = new Map([...value.texts].map(([name, { text }]) => [name, text]));
        const again = withoutMistakes(after, value.lineage, gone);
        expect(again).toMatchObject({ ok: true, value: { lineage: value.lineage, gone: {}, texts: value.texts } });
      }),
    );
  });

  it.each([
    ["a line too few", "train.jsonl", ""],
    ["a line too many", "validation.jsonl", "{}\n"],
  ])("refuses %s", (_, name, text) => {
    const lineage = lineageOf([{ split: "train", type: "analysis", mistakeId: "m1" }]);
    expect(withoutMistakes(new Map([...textsOf(lineage), [name, text]]), lineage, ["m1"]).ok).toBe(false);
  });

  it("refuses a lineage that is not in the order of its rows", () => {
    const lineage = lineageOf([{ split: "train", type: "analysis", mistakeId: "m1" }]);
    const moved = { ...lineage, lineage: lineage.lineage.map((entry) => ({ ...entry, row: 1 })) };
    expect(withoutMistakes(textsOf(lineage), moved, ["m1"]).ok).toBe(false);
  });
});

it.each(
  RELEASE_FORMATS.flatMap((format) => SPLITS.flatMap((split) => [1, 2, 600].map((part) => ({ format, split, part })))),
)("reads the name of %j back", (file) => {
  expect(readDataFileName(dataFileName(file))).toEqual(file);
});

it.each(["manifest.json", "README.md", "lineage-00001.json", "train-00001.jsonl", "train.csv.jsonl", "../train.jsonl"])(
  "does not take %s for a file of rows",
  (name) => {
    expect(readDataFileName(name)).toBeNull();
  },
);
