// What is measured of capture: the consumer alone, flagged traffic beside clean traffic, and how soon a mistake is visible.
// Law: figures of both sides come from the same minute, by turns.
import { setTimeout as sleep } from "node:timers/promises";
import { processorSeconds } from "../gateway/process-usage.ts";
import { requestBody, type Scenario } from "../gateway/scenarios.ts";
import { median, quantile } from "../gateway/statistics.ts";
import { requestText } from "../gateway/system.ts";
import type { LoadThread } from "../gateway/threads.ts";
import type { CaptureSystem } from "./system.ts";

export interface ConsumerFigures {
  readonly mistakes: number;
  readonly bytesPerMistake: number;
  /** as the clock on the wall saw it, beside whatever else ran */
  readonly perSecond: number;
  /** for each second that a core worked for it: what it would be on a machine of its own, since it is one thread */
  readonly perProcessorSecond: number | null;
}

const LANES = 4;

export async function measureConsumer(
  system: CaptureSystem,
  template: string,
  rounds: number,
  count: number,
): Promise<ConsumerFigures> {
  const { pid } = system.system;
  const [walls, processors]: [number[], (number | null)[]] = [[], []];
  await system.make({ template, count, first: 0 });
  await system.fill(LANES);
  for (let round = 1; round <= rounds; round += 1) {
    await system.make({ template, count, first: round * count });
    const before = pid === null ? null : processorSeconds(pid);
    const start = performance.now();
    await system.fill(LANES);
    walls.push((performance.now() - start) / 1000);
    const after = pid === null ? null : processorSeconds(pid);
    processors.push(before === null || after === null ? null : after - before);
  }
  const stored = await system.stored();
  const whole = (rounds + 1) * count;
  const { quarantined, recurrences, ...all } = stored;
  // Each with its row, its cluster, its counts, its category and its place in the review queue; none held, none taken for another.
  if (quarantined + recurrences > 0 || Object.values(all).some((each) => each !== whole))
    throw new Error(`in D1 is ${JSON.stringify(stored)} instead of ${whole} whole mistakes`);
  const used = processors.filter((each) => each !== null);
  return {
    mistakes: whole,
    bytesPerMistake: template.length,
    perSecond: median(walls.map((seconds) => count / seconds)),
    perProcessorSecond: used.length < rounds ? null : median(used.map((seconds) => count / seconds)),
  };
}

export interface TrafficFigures {
  readonly flaggedPerSecond: number;
  readonly cleanPerSecond: number;
  /** median over rounds of flagged to clean requests in one second of the same round */
  readonly ratio: number;
  /** likewise of what they cost: clean to flagged processor time of an exchange, the simulator's own included */
  readonly processorRatio: number | null;
  readonly errors: number;
}

export interface TrafficPlan {
  readonly rounds: number;
  readonly roundMilliseconds: number;
  readonly concurrency: number;
}

interface Round {
  readonly perSecond: number;
  readonly processor: number | null;
  readonly errors: number;
}

const MOST_EXCHANGES = 20_000;

export async function load(
  thread: LoadThread,
  { system }: CaptureSystem,
  scenario: Scenario,
  { concurrency, roundMilliseconds }: Omit<TrafficPlan, "rounds">,
): Promise<Round> {
  const before = system.pid === null ? null : processorSeconds(system.pid);
  const result = await thread.run({
    port: system.port,
    request: requestText(system, requestBody(scenario)),
    concurrency,
    exchanges: MOST_EXCHANGES,
    mostMilliseconds: roundMilliseconds,
    staggerMilliseconds: 0,
    careful: false,
    stream: scenario.stream,
  });
  const after = system.pid === null ? null : processorSeconds(system.pid);
  const seconds = before === null || after === null ? null : after - before;
  return {
    perSecond: (result.exchanges / result.elapsedMilliseconds) * 1000,
    processor: seconds === null || seconds === 0 ? null : seconds / result.exchanges,
    errors: result.errors,
  };
}

export async function measureTraffic(
  thread: LoadThread,
  flagged: CaptureSystem,
  clean: CaptureSystem,
  scenario: Scenario,
  plan: TrafficPlan,
): Promise<TrafficFigures> {
  for (const system of [flagged, clean]) await load(thread, system, scenario, plan);
  const rounds: { readonly flagged: Round; readonly clean: Round }[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    // Who comes first changes, so that nobody always follows the other.
    if (round % 2 === 0) {
      const first = await load(thread, flagged, scenario, plan);
      rounds.push({ flagged: first, clean: await load(thread, clean, scenario, plan) });
    } else {
      const first = await load(thread, clean, scenario, plan);
      rounds.push({ flagged: await load(thread, flagged, scenario, plan), clean: first });
    }
  }
  const costs = rounds.flatMap(({ flagged: { processor: own }, clean: { processor: other } }) =>
    own === null || other === null ? [] : [other / own],
  );
  return {
    flaggedPerSecond: median(rounds.map((round) => round.flagged.perSecond)),
    cleanPerSecond: median(rounds.map((round) => round.clean.perSecond)),
    ratio: median(rounds.map((round) => round.flagged.perSecond / round.clean.perSecond)),
    processorRatio: costs.length === 0 ? null : median(costs),
    errors: rounds.reduce((sum, round) => sum + round.flagged.errors + round.clean.errors, 0),
  };
}

export interface VisibleFigures {
  readonly mistakes: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** answered as kept, and not in D1 when the time was over */
  readonly missing: number;
}

const LOOK_MILLISECONDS = 100;
const PATIENCE_MILLISECONDS = 30_000;

/** From the moment a mistake is captured until a reader of D1 sees it, through the simulator's queue and the consumer. */
export async function measureVisible(
  thread: LoadThread,
  system: CaptureSystem,
  scenario: Scenario,
  milliseconds: number,
): Promise<VisibleFigures> {
  const delays: number[] = [];
  const seen = new Set<string>();
  const loading = { isOver: false };
  const began = Date.now();
  const look = async (): Promise<void> => {
    const stored = await system.storedSince(began);
    const now = Date.now();
    for (const { id, created_at: createdAt } of stored) {
      if (seen.has(id)) continue;
      seen.add(id);
      delays.push(now - createdAt);
    }
  };
  const looking = (async () => {
    let quietSince = Date.now();
    for (let known = 0; !loading.isOver || Date.now() - quietSince < 5_000; known = seen.size) {
      await look();
      if (seen.size > known || !loading.isOver) quietSince = Date.now();
      if (Date.now() - began > milliseconds + PATIENCE_MILLISECONDS) break;
      await sleep(LOOK_MILLISECONDS);
    }
  })();
  const result = await thread.run({
    port: system.system.port,
    request: requestText(system.system, requestBody(scenario)),
    concurrency: 2,
    exchanges: MOST_EXCHANGES,
    mostMilliseconds: milliseconds,
    staggerMilliseconds: 0,
    careful: false,
    stream: scenario.stream,
  });
  loading.isOver = true;
  await looking;
  return {
    mistakes: delays.length,
    p50Milliseconds: quantile(delays, 0.5),
    p99Milliseconds: quantile(delays, 0.99),
    missing: result.exchanges - delays.length,
  };
}
