// A release's files without the examples of some mistakes. Law: pure; a file that does not fit its manifest is an error, since a
// guess could keep the very line that must go.
import { z } from "zod";
import { parseJson } from "../../lib/parse-json.ts";
import { err, ok, type Result } from "../../lib/result.ts";

const SPLITS = ["train", "validation"] as const;
export type Split = (typeof SPLITS)[number];

const lineageSchema = z.looseObject({
  split: z.enum(SPLITS),
  row: z.int().min(0),
  type: z.enum(["analysis", "normal"]),
  mistake_id: z.string().optional(),
});

const manifestSchema = z.looseObject({
  lineage: z.array(lineageSchema),
  withheld: z.array(z.looseObject({ mistake_id: z.string().nullable() })),
  erased: z.int().min(0).default(0),
});

export type ReleaseTexts = Readonly<Record<Split, string>> & { readonly manifest: string };

export interface WithoutMistakes extends Readonly<Record<Split, string>> {
  readonly rows: Readonly<Record<Split, number>>;
  readonly counts: { readonly analysis: number; readonly normal: number };
  /** examples that erasures took out, this one and those before it */
  readonly erased: number;
  /** with the files that it names, which are written first */
  readonly manifestWith: (files: readonly object[]) => object;
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

export function withoutMistakes(texts: ReleaseTexts, mistakeIds: readonly string[]): Result<WithoutMistakes, string> {
  const read = manifestSchema.safeParse(parseJson(texts.manifest));
  if (!read.success) return err("the manifest of the release can't be read");
  const manifest = read.data;
  const gone = new Set(mistakeIds);
  const kept = (split: Split): Result<{ text: string; lineage: z.infer<typeof lineageSchema>[] }, string> => {
    const lines = linesOf(texts[split]);
    const lineage = manifest.lineage.filter((each) => each.split === split).toSorted((one, two) => one.row - two.row);
    if (lineage.length !== lines.length || lineage.some(({ row }, place) => row !== place))
      return err(`${split}.jsonl does not fit the manifest of the release`);
    const left = lineage.filter(({ mistake_id: id }) => id === undefined || !gone.has(id));
    return ok({
      text: left.map(({ row }) => `${lines[row] ?? ""}\n`).join(""),
      lineage: left.map((each, row) => ({ ...each, row })),
    });
  };
  const train = kept("train");
  if (!train.ok) return train;
  const validation = kept("validation");
  if (!validation.ok) return validation;
  const lineage = [...train.value.lineage, ...validation.value.lineage];
  const erased = manifest.erased + manifest.lineage.length - lineage.length;
  const analysis = lineage.filter(({ type }) => type === "analysis").length;
  const counts = { analysis, normal: lineage.length - analysis };
  return ok({
    train: train.value.text,
    validation: validation.value.text,
    rows: { train: train.value.lineage.length, validation: validation.value.lineage.length },
    counts,
    erased,
    manifestWith: (files) => ({
      ...manifest,
      counts,
      analyses_share: lineage.length === 0 ? 0 : analysis / lineage.length,
      files,
      lineage,
      withheld: manifest.withheld.filter(({ mistake_id: id }) => id === null || !gone.has(id)),
      erased,
    }),
  });
}
