// `npm run coverage-matrix [-- --json FILE]`: executes every cell of the coverage matrix on the real application, compares each with
// what the rules ask for, and fails with the first cell that differs or claims a check that did not run.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Cell, nameOf } from "./coverage-matrix/cell.ts";
import { IMPOSSIBLE, matrix } from "./coverage-matrix/cells.ts";
import { type CellResult, runCell } from "./coverage-matrix/run-cell.ts";
import { table } from "./coverage-matrix/table.ts";

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
  options: { json: { type: "string" }, only: { type: "string" }, failed: { type: "boolean", default: false } },
});
const { cells, missing } = matrix();
const begun = performance.now();
const wanted = cells.filter((cell) => nameOf(cell).includes(values.only ?? ""));
const results = await runAll(wanted);
const seconds = ((performance.now() - begun) / 1000).toFixed(1);
const failed = results.filter(({ faults }) => faults.length > 0);
console.log(table(values.failed ? failed : results));
console.log("\nCells that can't exist:");
for (const { cells: named, reason } of IMPOSSIBLE) console.log(`  ${named}: ${reason}`);

const leakedUnderBlock = results.filter(
  ({ cell, leakedCharacters }) => cell.action === "block" && cell.delivery !== "observe" && leakedCharacters > 0,
);
const summary = {
  cells: results.length,
  failed: failed.length,
  missingPairs: missing.length,
  upstreamCalls: results.reduce((sum, { upstreamCalls }) => sum + upstreamCalls, 0),
  cellsLeakingUnderBlock: leakedUnderBlock.length,
};
console.log(`\n${summary.cells} cells executed in ${seconds} s, ${summary.failed} failed`);
console.log(`pairs that no cell has: ${summary.missingPairs}`);
console.log(`cells under block, observe left out, that leaked any of the span: ${summary.cellsLeakingUnderBlock}`);
console.log(`upstream calls: ${summary.upstreamCalls}`);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ summary, impossible: IMPOSSIBLE, missing, results }, null, 2));
process.exit(failed.length === 0 && missing.length === 0 ? 0 : 1);
