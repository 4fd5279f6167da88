// `npm run coverage-matrix`: executes every cell of the coverage matrix on the real application, compares each with what the rules
// ask for, and fails where one differs or claims a check that did not run. `-- --json FILE` writes everything; `--failed` shows only
// what failed, `--only WORDS` runs the cells of that name, `--more COUNT` draws so many further ones.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Cell, failsClosed, isBroken, nameOf } from "./coverage-matrix/cell.ts";
import { IMPOSSIBLE, matrix, PLAIN } from "./coverage-matrix/cells.ts";
import { moderationCells } from "./coverage-matrix/moderation.ts";
import { type CellResult, runCell } from "./coverage-matrix/run-cell.ts";
import { moderationTable, table } from "./coverage-matrix/table.ts";

const AT_ONCE = 12;

async function runAll(cells: readonly Cell[]): Promise<readonly CellResult[]> {
  const results: CellResult[] = [];
  const waiting = [...cells.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [place, cell] = next;
      results[place] = await runCell(cell);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

const { values } = parseArgs({
  options: {
    more: { type: "string", default: "0" },
    json: { type: "string" },
    only: { type: "string" },
    failed: { type: "boolean", default: false },
  },
});
const { cells, missing } = matrix(Number(values.more));
const begun = performance.now();
const wanted = cells.filter((cell) => nameOf(cell).includes(values.only ?? ""));
const results = await runAll(wanted);
const moderations = values.only === undefined ? await moderationCells(PLAIN) : [];
const seconds = ((performance.now() - begun) / 1000).toFixed(1);
const isFailed = ({ faults }: { readonly faults: readonly string[] }): boolean => faults.length > 0;
const failed = results.filter(isFailed);
const failedModerations = moderations.filter(isFailed);
console.log(table(values.failed ? failed : results));
console.log(moderationTable(values.failed ? failedModerations : moderations));
console.log("\nCells that can't exist:");
for (const { cells: named, reason } of IMPOSSIBLE) console.log(`  ${named}: ${reason}`);

// Where the guardrail failed open, or mode or policy say that its word is not waited for, what is forbidden may leave, and is told.
const mustHold = results.filter(
  ({ cell }) =>
    cell.side === "output" &&
    cell.delivery !== "observe" &&
    cell.onTimeout !== "release_flagged" &&
    ["block", "repair", "redact"].includes(cell.action) &&
    !(isBroken(cell) && !failsClosed(cell)),
);
const leaking = mustHold.filter(({ leakedCharacters }) => leakedCharacters > 0);
const heldBack = mustHold.filter(({ cell }) => cell.delivery === "hold_back");
const summary = {
  cells: results.length + moderations.length,
  failed: failed.length + failedModerations.length,
  missingPairs: missing.length,
  cellsThatMustHold: mustHold.length,
  holdBackCellsThatMustHold: heldBack.length,
  cellsThatLeaked: leaking.length,
  charactersLeaked: leaking.reduce((sum, { leakedCharacters }) => sum + leakedCharacters, 0),
  upstreamCalls: results.reduce((sum, { upstreamCalls }) => sum + upstreamCalls, 0),
  mistakes: results.reduce((sum, { captured }) => sum + captured.mistakes.length, 0),
  attacks: results.reduce((sum, { captured }) => sum + captured.attacks, 0),
  seconds: Number(seconds),
};
console.log(`
${summary.cells} cells executed in ${seconds} s (${results.length} chat completions, ${moderations.length} moderations)
pairs of values that no cell has: ${summary.missingPairs}
forbidden span must not leave: ${summary.cellsThatMustHold} cells (${summary.holdBackCellsThatMustHold} of them hold_back); ${summary.cellsThatLeaked} leaked, ${summary.charactersLeaked} characters
upstream calls: ${summary.upstreamCalls}; captured: ${summary.mistakes} mistakes, ${summary.attacks} attacks
kinds of cells that can't exist, each with its reason: ${IMPOSSIBLE.length}
failed: ${summary.failed}`);
if (values.json !== undefined) {
  const whole = { summary, impossible: IMPOSSIBLE, missing, results, moderations };
  writeFileSync(values.json, JSON.stringify(whole, null, 2));
}
// Not `exit`, which would cut off what a pipe has not taken yet.
process.exitCode = summary.failed === 0 && missing.length === 0 ? 0 : 1;
