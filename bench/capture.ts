// `npm run bench:capture -- --json FILE`: what capture bears. Law: all in one run, ratios by turns; the last lines say which aims are
// met, and a miss is exit 1.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type CaptureMeasured, captureAimLine, judgeCapture } from "./capture/aims.ts";
import { measureConsumer, measureTraffic, measureVisible } from "./capture/measure.ts";
import { type CaptureSystem, startCaptureSystem } from "./capture/system.ts";
import { capturedTemplate } from "./capture/template.ts";
import { SCENARIOS } from "./gateway/scenarios.ts";
import { LoadThread, startModel, startServer } from "./gateway/threads.ts";
import { buildWorker } from "./gateway/workers.ts";

const ROUNDS = 15;
const SHORT_ROUNDS = 5;
const ROUND_MILLISECONDS = 500;
/** Enough at once that a thread which has work never waits: what is compared is work. */
const CONCURRENCY = 64;
/** With few at once each waits for one more hop, the queue's; judged likewise. */
const FEW = 16;
const CONSUMED_A_ROUND = 4_000;
const VISIBLE_MILLISECONDS = 10_000;

/** Stands once in the mock model's answer, or in none. */
const FLAGGED_PHRASE = "the wide meadow in winter light";
const ABSENT_PHRASE = "a purple submarine in orbit";

function flagging(phrase: string): object {
  return { operator_rules: [{ id: "bench", phrase, message: "is what this benchmark flags" }] };
}

async function measure(rounds: number): Promise<CaptureMeasured> {
  const scenario = SCENARIOS.find(({ name }) => name === "bench-json");
  if (scenario === undefined) throw new Error("There is no such scenario any more.");
  const script = buildWorker();
  const [model, queue, load] = [
    await startModel(),
    await startServer(new URL("capture/queue-server.ts", import.meta.url)),
    new LoadThread(),
  ];
  const systems: CaptureSystem[] = [];
  const start = async (phrase: string, queuePort: number | null): Promise<CaptureSystem> => {
    const options = { script, modelPort: model.port, policy: flagging(phrase), queuePort };
    const system = await startCaptureSystem(options);
    systems.push(system);
    return system;
  };
  try {
    const consumer = await measureConsumer(
      await start(ABSENT_PHRASE, null),
      capturedTemplate(),
      rounds,
      CONSUMED_A_ROUND,
    );
    const [flagged, clean] = [await start(FLAGGED_PHRASE, queue.port), await start(ABSENT_PHRASE, queue.port)];
    const plan = { rounds, roundMilliseconds: ROUND_MILLISECONDS, concurrency: CONCURRENCY };
    const traffic = await measureTraffic(load, flagged, clean, scenario, plan);
    const few = await measureTraffic(load, flagged, clean, scenario, { ...plan, concurrency: FEW });
    const visible = await measureVisible(load, await start(FLAGGED_PHRASE, null), scenario, VISIBLE_MILLISECONDS);
    return { consumer, traffic, few, visible };
  } finally {
    await load.stop();
    for (const { system } of systems.toReversed()) await system.stop();
    for (const server of [model, queue]) await server.stop();
  }
}

const { values } = parseArgs({ options: { json: { type: "string" }, short: { type: "boolean", default: false } } });
const measured = await measure(values.short ? SHORT_ROUNDS : ROUNDS);
const aims = judgeCapture(measured);
const machine = { cores: cpus().length, model: cpus()[0]?.model ?? null, load: loadavg()[0] };
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, ...measured, aims }, null, 2)}\n`);
const { consumer, traffic, visible } = measured;
console.log(
  `${machine.cores} cores, load ${machine.load?.toFixed(1) ?? "–"}; ${consumer.bytesPerMistake} bytes a mistake`,
);
console.log(
  `at ${CONCURRENCY} at once flagged ${traffic.flaggedPerSecond.toFixed(0)}/s, none ${traffic.cleanPerSecond.toFixed(0)}/s`,
);
console.log(`visible after ${visible.p50Milliseconds.toFixed(0)} ms in the median`);
for (const aim of aims) console.log(captureAimLine(aim));
if (aims.some(({ met }) => !met)) process.exitCode = 1;
