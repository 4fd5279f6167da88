// The aims of the store's speed, and the summary that says which are met. Law: a line that names a limit is judged by it; what was
// not measured is missed; at most 12 lines.
import { quantile } from "../gateway/statistics.ts";
import type { Question } from "./queries.ts";
import type { sizesOf } from "./sizes.ts";

export interface Answered {
  readonly question: Question;
  readonly milliseconds: number[];
}

export interface Measured {
  readonly many: number;
  /** how long filling took */
  readonly seconds: number;
  readonly bytesAMistake: number;
  readonly answered: readonly Answered[];
  /** milliseconds a batch */
  readonly retention: readonly number[];
  readonly sizes: ReturnType<typeof sizesOf>;
}

export interface Line {
  readonly text: string;
  readonly met: boolean;
}

const LEAST_MISTAKES = 1_000_000;
const MOST_MILLISECONDS = 50;
const MOST_BATCH_MILLISECONDS = 1_000;
const DATABASE_BYTES = 10_000_000_000;
const MINUTES_A_MONTH = 30.44 * 24 * 60;
const RATES_A_MINUTE = [1, 10, 100];

function monthsTo(bytesAMistake: number, aMinute: number): number {
  return DATABASE_BYTES / (bytesAMistake * aMinute * MINUTES_A_MONTH);
}

/** The slowest question by its median: a question is slow each time, a busy machine now and then. */
function slowest(measured: Measured, group: Question["group"]): Line {
  const of = measured.answered.filter(({ question }) => question.group === group);
  const figures = of.map(({ question, milliseconds }) => ({
    path: question.path,
    figure: quantile(milliseconds, 0.5),
  }));
  const worst = figures.toSorted((left, right) => right.figure - left.figure)[0];
  const figure = worst?.figure ?? NaN;
  const text = `${group}: the slowest of ${of.length} questions < ${MOST_MILLISECONDS} ms: ${figure.toFixed(1)} ms (${worst?.path ?? "none"})`;
  return { met: figures.every((each) => each.figure < MOST_MILLISECONDS) && figures.length > 0, text };
}

export function judgeStore(measured: Measured): readonly Line[] {
  const { many, bytesAMistake, retention, sizes, answered } = measured;
  const all = answered.flatMap(({ milliseconds }) => milliseconds);
  const [middle, high] = [quantile(all, 0.5), quantile(all, 0.99)];
  const indexes = sizes.filter(({ name }) => /^(mistakes_|mistake_|sqlite_autoindex_mistakes)/.test(name));
  const indexBytes = indexes.reduce((sum, { bytes }) => sum + bytes, 0) / many;
  const months = RATES_A_MINUTE.map((rate) => `${monthsTo(bytesAMistake, rate).toFixed(1)} at ${rate}/min`).join(", ");
  const batch = quantile(retention, 0.5);
  return [
    { met: many >= LEAST_MISTAKES, text: `mistakes stored: ${many} (aim ${LEAST_MISTAKES})` },
    slowest(measured, "mistakes"),
    slowest(measured, "lists"),
    {
      met: high < MOST_MILLISECONDS,
      text: `all ${all.length} answers, p99 < ${MOST_MILLISECONDS} ms: ${high.toFixed(1)} ms, p50 ${middle.toFixed(1)} ms`,
    },
    {
      met: true,
      text: `bytes a mistake, with its analysis, lineage, a tenth of an attack: ${Math.round(bytesAMistake)}, of them ${Math.round(indexBytes)} indexes of mistakes`,
    },
    { met: true, text: `months to D1's 10 GB: ${months}` },
    {
      met: batch < MOST_BATCH_MILLISECONDS,
      text: `retention, a batch of 200 < ${MOST_BATCH_MILLISECONDS} ms: ${batch.toFixed(0)} ms`,
    },
  ];
}
