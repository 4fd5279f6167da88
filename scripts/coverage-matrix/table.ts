// The matrix as lines to read. Law: one line a cell; the summary has at most twelve.
import type { ModerationResult } from "./moderation.ts";
import type { CellResult } from "./run-cell.ts";

const HEADER = "     up leak  client                                              captured                        cell";

function clientText({ client }: CellResult): string {
  const problem = client.errorCode === null ? "" : ` ${client.isErrorEvent ? "event:" : ""}${client.errorCode}`;
  const choices = client.finishReasons.map((reason, place) => {
    const action = client.actions[place];
    return `${reason ?? "–"}${action === null || action === undefined ? "" : `(${action})`}`;
  });
  return `${client.status}${problem} ${choices.join(" ")}${client.isFailureTold ? " failed-told" : ""}`;
}

function capturedText({ captured: { mistakes, attacks, alarms } }: CellResult): string {
  const parts = [
    ...mistakes.map(({ action, releasedCharacters }) => `${action}:${releasedCharacters}`),
    ...(attacks > 0 ? [`attacks:${attacks}`] : []),
    ...(alarms > 0 ? [`alarms:${alarms}`] : []),
  ];
  return parts.length === 0 ? "–" : parts.join(" ");
}

function line(result: CellResult): string {
  const mark = result.faults.length === 0 ? "ok  " : "FAIL";
  const numbers = `${String(result.upstreamCalls).padStart(2)} ${String(result.leakedCharacters).padStart(4)}`;
  const shown = `${mark} ${numbers}  ${clientText(result).padEnd(51)} ${capturedText(result).padEnd(31)} ${result.name}`;
  return [shown, ...result.faults.map((fault) => `       ↳ ${fault}`)].join("\n");
}

export function table(results: readonly CellResult[]): string {
  const groups = Map.groupBy(results, ({ cell }) => cell.group);
  return [...groups]
    .flatMap(([group, members]) => [`\n${group} (${members.length} cells)`, HEADER, ...members.map(line)])
    .join("\n");
}

export function moderationTable(results: readonly ModerationResult[]): string {
  const lines = results.map(({ name, faults, status, flagged, upstreamCalls }) => {
    const mark = faults.length === 0 ? "ok  " : "FAIL";
    const shown =
      `${mark} ${String(upstreamCalls).padStart(2)}    –  ${status} flagged:${String(flagged ?? "–")}`.padEnd(36);
    return [`${shown} moderations ${name}`, ...faults.map((fault) => `       ↳ ${fault}`)].join("\n");
  });
  return [`\nmoderations (${results.length} cells)`, ...lines].join("\n");
}
