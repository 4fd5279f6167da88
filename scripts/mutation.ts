// `npm run mutation`: turns one part off at a time and demands that the check of its name goes red, and only with it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { SOURCE_MUTATIONS } from "../test/setup/source-mutations.ts";

const MUTATIONS = [
  ...["guardrails", "guidance", "capture", "analysis", "hold_back", "tail", "end_check"],
  ...SOURCE_MUTATIONS,
];
const JOURNEYS = ["main", "stream", "cascade", "judge", "capture", "privacy", "poison", "canary"].map(
  (name) => `test/journey/${name}-journey.test.ts`,
);
const CHECKS = [...JOURNEYS, "test/finetuning/lint/lint-release.test.ts"];
const root = resolve(import.meta.dirname, "..");

const reportSchema = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) })),
});

/** The titles of the journey's checks by their outcome, with one part switched off. */
function run(mutation: string): { passed: string[]; failed: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "setback-mutation-"));
  const file = join(folder, "report.json");
  const vitest = resolve(root, "node_modules", "vitest", "vitest.mjs");
  spawnSync(
    process.execPath,
    [vitest, "run", "--project", "workers", ...CHECKS, "--reporter=json", `--outputFile=${file}`],
    { cwd: root, env: { ...process.env, SETBACK_MUTATION: mutation }, stdio: "ignore" },
  );
  const report = reportSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  rmSync(folder, { recursive: true });
  const checks = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: checks.filter(({ status }) => status === "passed").map(({ title }) => title),
    failed: checks.filter(({ status }) => status !== "passed").map(({ title }) => title),
  };
}

let failures = 0;

function report(good: boolean, sentence: string): void {
  if (!good) failures += 1;
  console.log(`${good ? "ok     " : "FAILED "} ${sentence}`);
}

const whole = run("");
report(
  whole.failed.length === 0 && whole.passed.length > 0,
  `nothing switched off: ${whole.passed.length} checks are green`,
);
for (const mutation of MUTATIONS) {
  const { failed } = run(mutation);
  const named = failed.find((title) => title.startsWith(`${mutation}:`));
  report(
    named !== undefined,
    `${mutation} switched off: ${named === undefined ? "its check stays green" : `«${named}» goes red`}`,
  );
}
console.log(`${MUTATIONS.length + 1 - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
