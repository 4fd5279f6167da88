// The aims of making a large release, and the summary that says which are met. Law: what was not measured is missed; at most 12 lines.

export interface ReleaseMeasured {
  readonly mistakes: number;
  readonly status: string;
  readonly failure: string | null;
  readonly seconds: number;
  /** null where the inspector told nothing */
  readonly peakBytes: number | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly parts: number;
  readonly steps: number;
  readonly bytes: number;
  /** mistakes that ended as released */
  readonly released: number;
  readonly lineage: number;
  /** rows that stand twice, by their mistake */
  readonly duplicates: number;
  /** files that are not as their sum says, or of another number of rows */
  readonly badFiles: number;
}

export interface Line {
  readonly text: string;
  readonly met: boolean;
}

const LEAST_MISTAKES = 1_000_000;
const MOST_SECONDS_A_MILLION = 600;
const MOST_BYTES = 100_000_000;
const MOST_STEPS = 900;

/** @param least how many mistakes there must be */
export function judgeRelease(measured: ReleaseMeasured, least = LEAST_MISTAKES): readonly Line[] {
  const { mistakes, seconds, peakBytes, counts, parts, steps, released } = measured;
  const most = (MOST_SECONDS_A_MILLION * mistakes) / LEAST_MISTAKES;
  const megabytes = peakBytes === null ? "not measured" : `${(peakBytes / 1e6).toFixed(1)} MB`;
  const examples = Object.entries(counts).map(([type, count]) => `${count} ${type}`);
  return [
    { met: mistakes >= least, text: `mistakes ready for release: ${mistakes} (aim ${least})` },
    {
      met: measured.status === "ready",
      text: `the release is ${measured.status}${measured.failure === null ? "" : `: ${measured.failure}`}`,
    },
    {
      met: seconds < most,
      text: `made in ${seconds.toFixed(0)} s, ${(mistakes / seconds).toFixed(0)} mistakes/s (aim < ${most.toFixed(0)} s)`,
    },
    {
      met: peakBytes !== null && peakBytes < MOST_BYTES,
      text: `heap at its peak: ${megabytes} (aim < ${MOST_BYTES / 1e6} MB)`,
    },
    { met: steps <= MOST_STEPS, text: `steps: ${steps} for ${parts} parts (aim ≤ ${MOST_STEPS})` },
    { met: released === mistakes, text: `mistakes released: ${released} of ${mistakes}` },
    { met: measured.duplicates === 0, text: `rows that stand twice: ${measured.duplicates} of ${measured.lineage}` },
    { met: measured.badFiles === 0, text: `files unlike their sum: ${measured.badFiles}` },
    { met: true, text: `examples: ${examples.join(", ")}; ${(measured.bytes / 1e6).toFixed(0)} MB` },
  ];
}
