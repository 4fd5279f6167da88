// Draws the reliability of probabilities and ROC curves as SVG. Law: text made by hand, no library, figures only.

export interface Scored {
  readonly score: number;
  readonly harmful: boolean;
}

export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface ReliabilityBin {
  /** mean probability that was given */
  readonly said: number;
  /** share that was harmful */
  readonly seen: number;
  readonly rows: number;
}

const SIZE = 400;
const MARGIN = 50;
const COLOURS = ["#1b6ca8", "#c8553d", "#3a7d44", "#7d5ba6", "#b58900", "#555555"] as const;
const MOST_POINTS = 200;

export function reliability(scored: readonly Scored[], bins: number): ReliabilityBin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const inside = scored.filter(({ score }) => Math.min(bins - 1, Math.floor(score * bins)) === bin);
    const said = inside.reduce((sum, { score }) => sum + score, 0) / inside.length;
    return { said, seen: inside.filter(({ harmful }) => harmful).length / inside.length, rows: inside.length };
  }).filter(({ rows }) => rows > 0);
}

/** Expected calibration error: the gap between said and seen, weighted by rows. */
export function calibrationError(bins: readonly ReliabilityBin[]): number | null {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return rows === 0 ? null : bins.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.said - bin.seen), 0) / rows;
}

/** False-positive rate against recall, at some hundred thresholds. */
export function rocCurve(name: string, scored: readonly Scored[]): Curve {
  const order = scored.toSorted((left, right) => right.score - left.score);
  const positives = order.filter(({ harmful }) => harmful).length;
  const negatives = order.length - positives;
  const points: [number, number][] = [[0, 0]];
  let [hits, alarms] = [0, 0];
  const step = Math.max(1, Math.floor(order.length / MOST_POINTS));
  for (const [place, { harmful, score }] of order.entries()) {
    if (harmful) hits += 1;
    else alarms += 1;
    const isTied = order[place + 1]?.score === score;
    const isStep = place % step === 0 || place === order.length - 1;
    if (isStep && !isTied) points.push([alarms / Math.max(1, negatives), hits / Math.max(1, positives)]);
  }
  return { name, points };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function place(value: number): number {
  return Math.round(value * SIZE * 10) / 10;
}

function line({ name, points }: Curve, index: number): string {
  const colour = COLOURS[index % COLOURS.length] ?? "black";
  const path = points.map(([x, y]) => `${MARGIN + place(x)},${MARGIN + SIZE - place(y)}`).join(" ");
  const label = `<text x="${MARGIN + SIZE - 8}" y="${MARGIN + SIZE - 12 - index * 16}" text-anchor="end" fill="${colour}">${escaped(name)}</text>`;
  const marks = points.length > 30 ? "" : ` marker-mid="url(#dot)" marker-start="url(#dot)" marker-end="url(#dot)"`;
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"${marks}/>${label}`;
}

export function plot(title: string, axes: readonly [x: string, y: string], curves: readonly Curve[]): string {
  const whole = SIZE + 2 * MARGIN;
  const middle = MARGIN + SIZE / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${whole}" font-family="sans-serif" font-size="12">`,
    `<defs><marker id="dot" viewBox="0 0 4 4" refX="2" refY="2" markerWidth="4" markerHeight="4"><circle cx="2" cy="2" r="2"/></marker></defs>`,
    `<rect width="${whole}" height="${whole}" fill="white"/>`,
    `<rect x="${MARGIN}" y="${MARGIN}" width="${SIZE}" height="${SIZE}" fill="none" stroke="#888"/>`,
    `<line x1="${MARGIN}" y1="${MARGIN + SIZE}" x2="${MARGIN + SIZE}" y2="${MARGIN}" stroke="#bbb" stroke-dasharray="4"/>`,
    `<text x="${middle}" y="28" text-anchor="middle" font-size="14">${escaped(title)}</text>`,
    `<text x="${middle}" y="${MARGIN + SIZE + 32}" text-anchor="middle">${escaped(axes[0])} (0 to 1)</text>`,
    `<text x="20" y="${middle}" text-anchor="middle" transform="rotate(-90 20 ${middle})">${escaped(axes[1])} (0 to 1)</text>`,
    ...curves.map(line),
    "</svg>",
    "",
  ].join("\n");
}
