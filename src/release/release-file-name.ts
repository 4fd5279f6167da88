// How the files of a release are called. Law: the only part of OpenAI's chat format is `train.jsonl`; every other name says which
// format and which part it is, so that no two files of a release are ever called the same.
import { RELEASE_FORMATS, SPLITS, type ReleaseFormat, type Split } from "./release.ts";

export const MANIFEST_NAME = "manifest.json";
export const CARD_NAME = "README.md";

const PART_DIGITS = 5;

export interface DataFile {
  readonly format: ReleaseFormat;
  readonly split: Split;
  /** from 1 on */
  readonly part: number;
}

function partEnding(part: number): string {
  return part === 1 ? "" : `-${String(part).padStart(PART_DIGITS, "0")}`;
}

export function dataFileName({ format, split, part }: DataFile): string {
  return `${split}${format === "openai_chat" ? "" : `.${format}`}${partEnding(part)}.jsonl`;
}

/** Where each row of a part comes from, in a release of several parts; that of a single part stands in its manifest. */
export function lineageName(part: number): string {
  return `lineage-${String(part).padStart(PART_DIGITS, "0")}.json`;
}

const DATA_NAME = /^(train|validation)(?:\.([a-z_]{1,32}))?(?:-(\d{5}))?\.jsonl$/;

/** Null of what holds no rows: the manifest, the card, the lineage. */
export function readDataFileName(name: string): DataFile | null {
  const found = DATA_NAME.exec(name);
  const split = SPLITS.find((each) => each === found?.[1]);
  const format = RELEASE_FORMATS.find((each) => each === (found?.[2] ?? "openai_chat"));
  if (split === undefined || format === undefined) return null;
  const data = { split, format, part: Number(found?.[3] ?? 1) };
  return dataFileName(data) === name ? data : null;
}
