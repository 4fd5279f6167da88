// One part of a release without the examples of some mistakes. Law: pure; a file that does not fit its lineage is an error, since a
// guess could keep the very line that must go.
import { err, ok, type Result } from "../../lib/result.ts";
import { readDataFileName } from "../../release/release-file-name.ts";
import { SPLITS } from "../../release/release.ts";
import { RELEASE_FORMAT_WRITERS } from "../formats/release-formats.ts";
import type { LineageEntry, LineagePart } from "../release-lineage.ts";

export interface WithoutMistakes {
  /** by name */
  readonly texts: ReadonlyMap<string, { readonly text: string; readonly rows: number }>;
  readonly lineage: LineagePart;
  /** examples that went, by type */
  readonly gone: Readonly<Record<string, number>>;
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** The lineage of one file's lines, in their order; null for a file of no rows. */
function entriesOf(name: string, { lineage }: LineagePart): readonly LineageEntry[] | null {
  const file = readDataFileName(name);
  if (file === null) return null;
  const { types } = RELEASE_FORMAT_WRITERS[file.format];
  return lineage.filter(({ split, type }) => split === file.split && types.includes(type));
}

/** With the rows of what is left counted anew. */
function renumbered(lineage: readonly LineageEntry[]): LineageEntry[] {
  return SPLITS.flatMap((split) => {
    const counted = { rows: 0, preferences: 0 };
    return lineage
      .filter((entry) => entry.split === split)
      .map((entry) => {
        const group = entry.type === "preference" ? "preferences" : "rows";
        counted[group] += 1;
        return { ...entry, row: counted[group] - 1 };
      });
  });
}

/** Whether entries stand in the order of their rows, which is what lines are matched by. */
function isOrdered(lineage: readonly LineageEntry[]): boolean {
  const again = renumbered(lineage);
  return (
    again.length === lineage.length &&
    again.every(({ row, split }, place) => {
      const entry = lineage[place];
      return entry?.row === row && entry.split === split;
    })
  );
}

/** @param texts of the part's files with rows, by name */
export function withoutMistakes(
  texts: ReadonlyMap<string, string>,
  lineage: LineagePart,
  mistakeIds: readonly string[],
): Result<WithoutMistakes, string> {
  if (!isOrdered(lineage.lineage)) return err("the lineage of the release is not in the order of its rows");
  const erased = new Set(mistakeIds);
  const stays = ({ mistake_id: id }: { readonly mistake_id?: string | null | undefined }): boolean =>
    id === undefined || id === null || !erased.has(id);
  const left = new Map<string, { text: string; rows: number }>();
  for (const [name, text] of texts) {
    const entries = entriesOf(name, lineage);
    if (entries === null) continue;
    const lines = linesOf(text);
    if (entries.length !== lines.length) return err(`${name} does not fit the lineage of the release`);
    const kept = lines.filter((_, place) => stays(entries[place] ?? {}));
    left.set(name, { text: kept.map((line) => `${line}\n`).join(""), rows: kept.length });
  }
  const gone: Record<string, number> = {};
  for (const entry of lineage.lineage) if (!stays(entry)) gone[entry.type] = (gone[entry.type] ?? 0) + 1;
  return ok({
    texts: left,
    lineage: {
      ...lineage,
      lineage: renumbered(lineage.lineage.filter(stays)),
      members: lineage.members.filter(stays),
      withheld: lineage.withheld.filter(stays),
    },
    gone,
  });
}
