// The aims of the gateway's speed, and the summary that says which are met. Law: what was not measured is missed, unless only a
// part was asked for; each line says the worst figure of all.
import type { Leak } from "./leaks.ts";
import type { Cell, SystemFigures } from "./measure.ts";

export interface Aim {
  readonly part: Part;
  readonly name: string;
  readonly aim: string;
  readonly figure: string;
  readonly met: boolean;
}

export const PARTS = ["json", "stream", "paced", "leak"] as const;
export type Part = (typeof PARTS)[number];

export interface Measured {
  readonly cells: readonly Cell[];
  readonly leaks: readonly Leak[];
}

const LEAST_JSON = 0.8;
const LEAST_STREAM = 0.75;
const MOST_ADDED_MILLISECONDS = 5;
const MOST_EXCHANGE_MILLISECONDS = 5;
const MOST_ANSWERS_IN_MEMORY = 2;
const EXCHANGE_SCENARIO = "bench-json-4k";
const LARGE = { scenario: "bench-stream-1000", megabytes: 1 } as const;

interface Figure {
  readonly value: number;
  readonly where: string;
}

function where({ scenario, concurrency }: Cell): string {
  return `${scenario.replace(/^bench-/, "")} at ${concurrency}`;
}

function figures(
  cells: readonly Cell[],
  kind: Cell["kind"],
  value: (setback: SystemFigures, cell: Cell) => number | null,
): Figure[] {
  return cells
    .filter((cell) => cell.kind === kind)
    .map((cell) => {
      const { setback } = cell.systems;
      const measured = setback === undefined ? null : value(setback, cell);
      return { value: measured ?? NaN, where: where(cell) };
    });
}

/** All of them as one aim, told by the worst. */
function least(part: Part, name: string, limit: number, all: readonly Figure[], unit: string, strict = false): Aim {
  const worst = all.toSorted((left, right) => left.value - right.value)[0];
  const good = (value: number): boolean => (strict ? value > limit : value >= limit);
  return aimOf(part, name, `${strict ? ">" : "≥"} ${limit}${unit}`, all, worst, good, unit);
}

function most(part: Part, name: string, limit: number, all: readonly Figure[], unit: string): Aim {
  const worst = all.toSorted((left, right) => right.value - left.value)[0];
  return aimOf(part, name, `≤ ${limit}${unit}`, all, worst, (value) => value <= limit, unit);
}

function aimOf(
  part: Part,
  name: string,
  aim: string,
  all: readonly Figure[],
  worst: Figure | undefined,
  good: (value: number) => boolean,
  unit: string,
): Aim {
  const unmeasured = all.find(({ value }) => Number.isNaN(value));
  if (worst === undefined || unmeasured !== undefined) return { part, name, aim, figure: "not measured", met: false };
  const missed = all.filter(({ value }) => !good(value)).length;
  const count = all.length === 1 ? "" : `, ${all.length - missed} of ${all.length} met`;
  const figure = `${worst.value.toFixed(2)}${unit} (${worst.where}${count})`;
  return { part, name, aim, figure, met: missed === 0 };
}

const addedTo =
  (percentile: "p50" | "p99", field: "firstTextMilliseconds" | "endMilliseconds" | "gapMilliseconds") =>
  (setback: SystemFigures, { systems }: Cell): number | null => {
    const [own, direct] = [setback[field], systems.direct?.[field]];
    return own === null || direct === undefined || direct === null ? null : own[percentile] - direct[percentile];
  };

/** At most 12. */
export function judgeAims({ cells, leaks }: Measured, parts: readonly Part[]): readonly Aim[] {
  const untouched = (kind: Cell["kind"]): Figure[] => figures(cells, kind, ({ ratioToUntouched: ratio }) => ratio);
  const portkey = (kind: Cell["kind"]): Figure[] => figures(cells, kind, ({ ratioToPortkey: ratio }) => ratio);
  const firstText = figures(cells, "paced", (setback, cell) => {
    const added = addedTo("p50", "firstTextMilliseconds")(setback, cell);
    return added === null || setback.heldMilliseconds === null ? null : added - setback.heldMilliseconds;
  });
  const exchange = figures(
    cells.filter(({ scenario }) => scenario === EXCHANGE_SCENARIO),
    "json",
    ({ processorMillisecondsPerExchange: milliseconds }) => milliseconds,
  );
  // What the untouched body's Worker grows by is the runtime's own; few answers tell nothing, since garbage is collected late.
  const large = cells.filter(({ scenario }) => scenario === LARGE.scenario);
  const memory = figures(
    large.filter(({ concurrency }) => concurrency === Math.max(...large.map((cell) => cell.concurrency))),
    "stream",
    ({ peakGrowthMebibytes: growth }, { concurrency, systems }) => {
      const base = systems.untouched?.peakGrowthMebibytes ?? null;
      return growth === null || base === null ? null : Math.max(0, growth - base) / (concurrency * LARGE.megabytes);
    },
  );
  const own = leaks.filter(({ system }) => system === "setback");
  const leaked = own.map(({ scenario, charactersLeaked, blocked, exchanges }) => ({
    // A leak that nobody blocked is a leak, even where nothing of it was seen.
    value: exchanges > 0 && blocked === exchanges ? charactersLeaked : NaN,
    where: scenario.replace(/^bench-/, ""),
  }));
  const errors = parts.map((part) => ({
    value: cells
      .filter(({ kind }) => kind === part)
      .reduce((sum, { systems }) => sum + (systems.setback?.errors ?? NaN), 0),
    where: part,
  }));
  const [ms, times] = [" ms", "×"];
  return [
    least("json", "JSON to the untouched body", LEAST_JSON, untouched("json"), times),
    least("json", "JSON to Portkey", 1, portkey("json"), times, true),
    most("json", "processor time of a 4 KiB exchange", MOST_EXCHANGE_MILLISECONDS, exchange, ms),
    least("stream", "un-paced stream to the untouched body", LEAST_STREAM, untouched("stream"), times),
    least("stream", "un-paced stream to Portkey", 1, portkey("stream"), times, true),
    most("stream", "memory, in answers", MOST_ANSWERS_IN_MEMORY, memory, times),
    most("paced", "first text, added beyond held characters' time, p50", MOST_ADDED_MILLISECONDS, firstText, ms),
    most(
      "paced",
      "gaps p99, added",
      MOST_ADDED_MILLISECONDS,
      figures(cells, "paced", addedTo("p99", "gapMilliseconds")),
      ms,
    ),
    most(
      "paced",
      "end, added, p50",
      MOST_ADDED_MILLISECONDS,
      figures(cells, "paced", addedTo("p50", "endMilliseconds")),
      ms,
    ),
    most("leak", "characters leaked before a block", 0, leaked, ""),
    { ...most("json", "errors", 0, errors, ""), part: parts[0] ?? "json" },
  ].filter(({ part }) => parts.includes(part));
}

export function aimLine({ name, aim, figure, met }: Aim): string {
  return `${met ? "met   " : "MISSED"} ${name}: ${figure} (aim ${aim})`;
}
