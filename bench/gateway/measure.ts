// Measures one scenario at one concurrency on all systems in small rounds that take turns.
// Law: every figure is of the same minute for all; rates are compared round by round, so that a busy machine hits all alike.
import type { LoadResult } from "./load-protocol.ts";
import { peakMebibytes, processorSeconds, resetPeak, residentMebibytes } from "./process-usage.ts";
import { requestBody, type Scenario } from "./scenarios.ts";
import { median, quantile } from "./statistics.ts";
import { requestText, type System, type SystemName } from "./system.ts";
import type { LoadThread } from "./threads.ts";

export interface Plan {
  readonly rounds: number;
  readonly roundMilliseconds: number;
}

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export interface SystemFigures {
  readonly exchanges: number;
  readonly errors: number;
  readonly firstError: string | null;
  /** the median round's */
  readonly requestsPerSecond: number;
  readonly roundsRequestsPerSecond: readonly number[];
  /** median over rounds of this system's rate to the untouched pass-through's in the same round */
  readonly ratioToUntouched: number | null;
  readonly ratioToPortkey: number | null;
  readonly firstTextMilliseconds: Percentiles;
  readonly endMilliseconds: Percentiles;
  /** between arrivals of visible text, in paced scenarios */
  readonly gapMilliseconds: Percentiles | null;
  /** the model's own time for the characters that were held back before the first visible text */
  readonly heldMilliseconds: number | null;
  readonly processorMillisecondsPerExchange: number | null;
  readonly eventsPerProcessorSecond: number | null;
  readonly peakMebibytes: number | null;
  readonly peakGrowthMebibytes: number | null;
}

export interface Cell {
  readonly scenario: string;
  readonly kind: Scenario["kind"];
  readonly concurrency: number;
  readonly exchangesPerRound: number;
  readonly systems: Readonly<Partial<Record<SystemName, SystemFigures>>>;
}

interface Round {
  readonly result: LoadResult;
  readonly processorSeconds: number | null;
}

const MOST_EXCHANGES = 20_000;
const HELD_CHARACTERS = 64;

export class Measurer {
  readonly #load: LoadThread;
  readonly #systems: readonly System[];

  constructor(load: LoadThread, systems: readonly System[]) {
    this.#load = load;
    this.#systems = systems;
  }

  async #run(
    system: System,
    scenario: Scenario,
    concurrency: number,
    exchanges: number,
    most: number | null,
  ): Promise<Round> {
    const before = system.pid === null ? null : processorSeconds(system.pid);
    const result = await this.#load.run({
      port: system.port,
      request: requestText(system, requestBody(scenario)),
      concurrency,
      exchanges,
      mostMilliseconds: most,
      staggerMilliseconds: durationMilliseconds(scenario) / concurrency,
      careful: scenario.pace !== null || scenario.kind === "leak",
      stream: scenario.stream,
    });
    const after = system.pid === null ? null : processorSeconds(system.pid);
    return { result, processorSeconds: before === null || after === null ? null : after - before };
  }

  /** Warms everything up, and finds how many exchanges fill a round of the slowest Worker. */
  async #exchangesPerRound(scenario: Scenario, concurrency: number, plan: Plan): Promise<number> {
    const counts: number[] = [];
    for (const system of this.#systems) {
      const { result } = await this.#run(system, scenario, concurrency, MOST_EXCHANGES, plan.roundMilliseconds / 2);
      if (system.name !== "untouched") continue;
      counts.push((result.exchanges / result.elapsedMilliseconds) * plan.roundMilliseconds);
    }
    // A paced exchange takes its time, however fast the systems are.
    const least = scenario.pace === null ? 1 : 2;
    const waves = Math.max(least, Math.round((counts[0] ?? concurrency) / concurrency));
    return Math.min(MOST_EXCHANGES, waves * concurrency);
  }

  async cell(scenario: Scenario, concurrency: number, plan: Plan): Promise<Cell> {
    const exchanges = await this.#exchangesPerRound(scenario, concurrency, plan);
    const rounds = new Map<SystemName, Round[]>(this.#systems.map(({ name }) => [name, []]));
    const resident = new Map<SystemName, number | null>();
    for (const { name, pid } of this.#systems) {
      if (pid !== null) resetPeak(pid);
      resident.set(name, pid === null ? null : residentMebibytes(pid));
    }
    for (let round = 0; round < plan.rounds; round += 1) {
      // Who comes first changes, so that nobody always follows the heaviest.
      const order = this.#systems.map((_, place) => this.#systems[(place + round) % this.#systems.length]);
      for (const system of order) {
        if (system === undefined) continue;
        const most = scenario.pace === null ? plan.roundMilliseconds * 3 : null;
        rounds.get(system.name)?.push(await this.#run(system, scenario, concurrency, exchanges, most));
      }
    }
    const figures = this.#systems.map(({ name, pid }) => {
      const peak = pid === null ? null : peakMebibytes(pid);
      const before = resident.get(name) ?? null;
      const memory = { peak, growth: peak === null || before === null ? null : peak - before };
      return [name, figuresOf(scenario, name, rounds, memory)] as const;
    });
    return {
      scenario: scenario.name,
      kind: scenario.kind,
      concurrency,
      exchangesPerRound: exchanges,
      systems: Object.fromEntries(figures),
    };
  }
}

/** How long the model takes by its pace. */
function durationMilliseconds({ pace, tokens }: Scenario): number {
  return pace === null ? 0 : pace.firstTokenMilliseconds + (tokens.length - 1) * pace.tokenMilliseconds;
}

function rate({ result }: Round): number {
  return (result.exchanges / result.elapsedMilliseconds) * 1000;
}

function ratio(own: readonly Round[], others: readonly Round[] | undefined): number | null {
  if (others === undefined || others.length === 0) return null;
  return median(own.map((round, place) => rate(round) / rate(others[place] ?? round)));
}

function percentiles(values: readonly number[]): Percentiles {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

function figuresOf(
  scenario: Scenario,
  name: SystemName,
  rounds: ReadonlyMap<SystemName, readonly Round[]>,
  memory: { readonly peak: number | null; readonly growth: number | null },
): SystemFigures {
  const own = rounds.get(name) ?? [];
  const results = own.map(({ result }) => result);
  const exchanges = results.reduce((sum, result) => sum + result.exchanges, 0);
  const seconds = own.map((round) => round.processorSeconds);
  const processor = seconds.every((each) => each !== null) ? seconds.reduce((sum, each) => sum + each, 0) : null;
  const arrivals = results.flatMap((result) => result.arrivals);
  return {
    exchanges,
    errors: results.reduce((sum, { errors }) => sum + errors, 0),
    firstError: results.find(({ firstError }) => firstError !== null)?.firstError ?? null,
    requestsPerSecond: median(own.map(rate)),
    roundsRequestsPerSecond: own.map(rate),
    ratioToUntouched: name === "untouched" ? 1 : ratio(own, rounds.get("untouched")),
    ratioToPortkey: name === "portkey" ? 1 : ratio(own, rounds.get("portkey")),
    firstTextMilliseconds: percentiles(results.flatMap((result) => result.firstTextMilliseconds)),
    endMilliseconds: percentiles(results.flatMap((result) => result.endMilliseconds)),
    gapMilliseconds: scenario.pace === null ? null : percentiles(arrivals.flatMap(gaps)),
    heldMilliseconds: scenario.pace === null ? null : median(arrivals.map((each) => held(scenario, each))),
    processorMillisecondsPerExchange: processor === null ? null : (processor * 1000) / exchanges,
    eventsPerProcessorSecond: processor === null ? null : (exchanges * scenario.tokens.length) / processor,
    peakMebibytes: memory.peak,
    peakGrowthMebibytes: memory.growth,
  };
}

function gaps(arrivals: LoadResult["arrivals"][number]): readonly number[] {
  return arrivals
    .slice(1)
    .map(({ atMilliseconds }, place) => atMilliseconds - (arrivals[place]?.atMilliseconds ?? NaN));
}

/**
 * How long the model took for the characters that are held back, 64 at most: what was sent with the first visible text beyond
 * the first token is what had been waiting.
 */
export function held({ tokens, pace }: Scenario, arrivals: LoadResult["arrivals"][number]): number {
  const first = arrivals[0]?.text.length ?? 0;
  let characters = 0;
  let count = 0;
  for (const token of tokens) {
    characters += token.length;
    if (characters > Math.min(first, HELD_CHARACTERS)) break;
    count += 1;
  }
  return Math.max(0, count - 1) * (pace?.tokenMilliseconds ?? 0);
}
