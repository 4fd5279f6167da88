// An audit as a person reads it: a row for each finding, a summary at last. Law: what comes out of a log moves no cursor and hides
// no row: control characters are not printed.
import type { AuditEntry } from "../../src/wire/audit-line.ts";

type Exchange = Extract<AuditEntry, { object: "audited_exchange" }>;
type Summary = Extract<AuditEntry, { object: "audit_summary" }>;

const WIDTHS = [7, 18, 6, 11, 34, 18, 11] as const;
const HEAD = ["line", "id", "side", "would be", "guardrail / rule", "category", "score"] as const;

/** Cut to the width of its column, which it fills. */
function cell(text: string, width: number): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "·");
  return (plain.length > width ? `${plain.slice(0, width - 1)}…` : plain).padEnd(width);
}

function row(cells: readonly string[], last: string): string {
  return [...cells.map((text, index) => cell(text, WIDTHS[index] ?? 10)), cell(last, 44).trimEnd()].join(" ");
}

export const TABLE_HEAD: string = row(HEAD, "where");

/** Rows of one exchange; none where it passed. */
export function exchangeRows({ line, id, choice, input, output, verdicts }: Exchange): readonly string[] {
  const name = `${line}${choice > 0 ? `.${choice}` : ""}`;
  return verdicts.flatMap(({ guardrail, side, status, reason, score, threshold, findings }) => {
    const action = (side === "input" ? input : output) ?? "";
    const scored = score === null ? "" : `${score.toFixed(2)}≥${threshold?.toFixed(2) ?? "?"}`;
    if (status === "error") return [row([name, id ?? "", side, action, guardrail, "failed", ""], reason ?? "")];
    return findings.map(({ rule, category, span }) => {
      const where = span === null ? "the whole" : `${span.location} ${span.start}–${span.end}`;
      return row([name, id ?? "", side, action, `${guardrail} / ${rule}`, category, scored], where);
    });
  });
}

export function faultRow({ line, path, message }: Extract<AuditEntry, { object: "audit_fault" }>): string {
  return row([`${line}`, "", "", "not read", path ?? "", "", ""], message);
}

function counted(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).toSorted(([, left], [, right]) => right - left);
  return entries.map(([name, times]) => `${name} ${times}`).join(", ") || "none";
}

/** At most twelve lines. */
export function summaryLines(summary: Summary): readonly string[] {
  const { lines, exchanges, flagged, refused, categories, policy_version: version, stopped } = summary;
  const share = exchanges === 0 ? "" : ` (${((100 * flagged) / exchanges).toFixed(1)} %)`;
  return [
    `${exchanges} exchanges in ${lines} lines; ${refused} lines could not be read`,
    `${flagged} flagged${share}: ${counted(categories)}`,
    `inputs: ${counted(summary.input_actions)}`,
    `answers: ${counted(summary.output_actions)}`,
    `policy ${version}; nothing was stored`,
    ...(stopped === null ? [] : [stopped]),
  ];
}
