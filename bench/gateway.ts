// `npm run bench:gateway -- --json FILE`: what the gateway costs, beside the model itself, an untouched body, and Portkey.
// Law: all in one run by turns; only ratios and differences are judged; the last lines say which aims are met, a miss is exit 1.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { z } from "zod";
import { aimLine, judgeAims, PARTS, type Part } from "./gateway/aims.ts";
import { measureLeak, type Leak } from "./gateway/leaks.ts";
import { Measurer, type Cell, type Plan } from "./gateway/measure.ts";
import { startPortkey } from "./gateway/portkey.ts";
import { SCENARIOS, type Scenario } from "./gateway/scenarios.ts";
import type { System } from "./gateway/system.ts";
import { LoadThread, startModel } from "./gateway/threads.ts";
import { buildWorker, startSetback, startUntouched } from "./gateway/workers.ts";

const USAGE = `npm run bench:gateway -- [options]
  --json FILE          write every figure
  --only PARTS         of ${PARTS.join(",")}
  --concurrency LIST   default 1,16,64
  --scenarios LIST     by name, for example bench-stream-100
  --short              fewer and shorter rounds, to try something; its figures are rough
  --no-portkey         leave Portkey out`;

const concurrencySchema = z.array(z.coerce.number().int().min(1).max(512)).min(1);
const partsSchema = z.array(z.enum(PARTS)).min(1);

const PLAN: Plan = { rounds: 9, roundMilliseconds: 600 };
const SHORT_PLAN: Plan = { rounds: 3, roundMilliseconds: 300 };

function portkeyOrNot(error: unknown): null {
  console.log(`Portkey is left out: ${error instanceof Error ? error.message : String(error)}`);
  return null;
}

function number(value: number | null | undefined, digits = 2): string {
  return value === null || value === undefined || Number.isNaN(value) ? "–" : value.toFixed(digits);
}

function printCell({ scenario, concurrency, systems }: Cell): void {
  console.log(`${scenario} at ${concurrency}`);
  for (const [name, figures] of Object.entries(systems)) {
    const { firstTextMilliseconds: first, endMilliseconds: end, gapMilliseconds: gap } = figures;
    console.log(
      [
        `  ${name.padEnd(9)} ${number(figures.requestsPerSecond, 1)}/s`,
        `${number(figures.ratioToUntouched)}×`,
        `first ${number(first.p50, 1)}/${number(first.p99, 1)}`,
        `end ${number(end.p50, 1)}/${number(end.p99, 1)}`,
        ...(gap === null
          ? []
          : [`gap ${number(gap.p50, 1)}/${number(gap.p99, 1)}, held ${number(figures.heldMilliseconds, 0)}`]),
        `CPU ${number(figures.processorMillisecondsPerExchange)} ms`,
        `${number((figures.eventsPerProcessorSecond ?? NaN) / 1000, 0)} k events a core second`,
        `peak ${number(figures.peakMebibytes, 0)} MiB (+${number(figures.peakGrowthMebibytes, 0)})`,
        ...(figures.errors > 0 ? [`${figures.errors} ERRORS: ${figures.firstError ?? ""}`] : []),
      ].join(" · "),
    );
  }
}

interface Asked {
  readonly parts: readonly Part[];
  readonly concurrency: readonly number[];
  readonly scenarios: readonly Scenario[];
  readonly plan: Plan;
  readonly portkey: boolean;
}

async function measure(asked: Asked): Promise<{ cells: Cell[]; leaks: Leak[] }> {
  const model = await startModel();
  const load = new LoadThread();
  const direct: System = {
    name: "direct",
    port: model.port,
    pid: null,
    headers: {},
    stop: async () => {
      await model.stop();
    },
  };
  const systems: System[] = [direct];
  const [cells, leaks]: [Cell[], Leak[]] = [[], []];
  try {
    systems.push(await startUntouched(model.port), await startSetback(model.port, buildWorker()));
    const portkey = asked.portkey ? await startPortkey(model.port).catch(portkeyOrNot) : null;
    if (portkey !== null) systems.push(portkey);
    const measurer = new Measurer(load, systems);
    for (const scenario of asked.scenarios.filter(({ kind }) => asked.parts.includes(kind))) {
      if (scenario.kind === "leak") {
        for (const system of systems) leaks.push(await measureLeak(load, system, scenario));
        continue;
      }
      for (const concurrency of asked.concurrency) {
        const cell = await measurer.cell(scenario, concurrency, asked.plan);
        printCell(cell);
        cells.push(cell);
      }
    }
  } finally {
    await load.stop();
    for (const system of systems.toReversed()) await system.stop();
  }
  return { cells, leaks };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "string" },
      only: { type: "string", default: PARTS.join(",") },
      concurrency: { type: "string", default: "1,16,64" },
      scenarios: { type: "string" },
      short: { type: "boolean", default: false },
      portkey: { type: "boolean", default: true },
      help: { type: "boolean", default: false },
    },
    allowNegative: true,
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const parts = partsSchema.parse(values.only.split(","));
  const named = values.scenarios?.split(",");
  const measured = await measure({
    parts,
    concurrency: concurrencySchema.parse(values.concurrency.split(",")),
    scenarios: SCENARIOS.filter(({ name }) => named?.includes(name) ?? true),
    plan: values.short ? SHORT_PLAN : PLAN,
    portkey: values.portkey,
  });
  for (const { scenario, system, charactersLeaked, charactersVisible, blocked, exchanges } of measured.leaks) {
    const seen = `${charactersLeaked} characters of the secret, ${charactersVisible} of all text`;
    console.log(`${scenario} ${system}: ${seen}, ${blocked} of ${exchanges} blocked`);
  }
  const aims = judgeAims(measured, parts);
  if (values.json !== undefined) {
    const machine = { cores: cpus().length, model: cpus()[0]?.model ?? null };
    writeFileSync(values.json, `${JSON.stringify({ machine, ...measured, aims }, null, 2)}\n`);
  }
  for (const aim of aims) console.log(aimLine(aim));
  if (aims.some(({ met }) => !met)) process.exitCode = 1;
}

await main();
