// What may be wrong with a release's files. Law: a fault names its file and row, never the text.

export const LINT_FAULTS = [
  "not_json",
  "schema",
  "hint_in_context",
  "hint_in_target",
  "harmful_target",
  "unchecked_target",
  "private_text",
  "prompt_in_two_splits",
  "unreviewed_mistake",
  "held_out",
  "refused_again",
  "lineage",
  "changed_file",
] as const;
export type LintFaultName = (typeof LINT_FAULTS)[number];

export interface LintFault {
  readonly fault: LintFaultName;
  readonly file: string;
  /** from 0 on; null of the file as a whole */
  readonly row: number | null;
}

/** More are only counted. */
export const MOST_FAULTS = 100;

export interface LintReport {
  readonly rows: number;
  /** all that were found */
  readonly found: number;
  /** the first ones */
  readonly faults: readonly LintFault[];
}

/** One sentence for whoever waits for the release. */
export function lintSentence({ found, faults }: LintReport): string {
  const names = [...new Set(faults.map(({ fault }) => fault))].join(", ");
  const [first] = faults;
  const place = first === undefined ? "" : `, first in ${first.file}${first.row === null ? "" : ` row ${first.row}`}`;
  return `its files do not lint clean: ${found} faults (${names})${place}`;
}
