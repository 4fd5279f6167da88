// Minimises a smooth convex function: L-BFGS with backtracking (Nocedal & Wright, Numerical Optimization, algorithm 7.4).
// Law: no chance and no clock: the same function gives the same minimum, bit for bit.

/** Writes the gradient at `point` into `gradient` and returns the value. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface Limits {
  readonly iterations: number;
  /** stops when an iteration lowers the value by less than this share of it */
  readonly tolerance: number;
}

const MEMORY = 8;
const LINE_SEARCH_STEPS = 20;
const SUFFICIENT_DECREASE = 1e-4;

interface Step {
  readonly move: Float64Array;
  readonly change: Float64Array;
  readonly inverse: number;
}

function inner(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}

/** target += factor × source */
function addScaled(target: Float64Array, factor: number, source: Float64Array): void {
  for (let index = 0; index < target.length; index += 1) {
    target[index] = (target[index] ?? 0) + factor * (source[index] ?? 0);
  }
}

function direction(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const result = gradient.map((value) => -value);
  const factors = new Map<Step, number>();
  for (const step of steps.toReversed()) {
    const factor = step.inverse * inner(step.move, result);
    factors.set(step, factor);
    addScaled(result, -factor, step.change);
  }
  const newest = steps.at(-1);
  if (newest !== undefined) {
    const shrink = 1 / (newest.inverse * inner(newest.change, newest.change));
    for (const [index, value] of result.entries()) result[index] = value * shrink;
  }
  for (const step of steps) {
    addScaled(result, (factors.get(step) ?? 0) - step.inverse * inner(step.change, result), step.move);
  }
  return result;
}

export function minimise(objective: Objective, size: number, limits: Limits): Float64Array {
  let point = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = objective(point, gradient);
  let steps: Step[] = [];

  for (let iteration = 0; iteration < limits.iterations; iteration += 1) {
    const way = direction(gradient, steps);
    const slope = inner(gradient, way);
    if (!(slope < 0)) break;
    let length = iteration === 0 ? 1 / Math.sqrt(inner(gradient, gradient)) : 1;
    let next = point;
    let nextValue = value;
    const nextGradient = new Float64Array(size);
    for (let search = 0; search < LINE_SEARCH_STEPS; search += 1) {
      next = Float64Array.from(point);
      addScaled(next, length, way);
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + SUFFICIENT_DECREASE * length * slope) break;
      length /= 2;
    }
    const move = Float64Array.from(next);
    addScaled(move, -1, point);
    const change = Float64Array.from(nextGradient);
    addScaled(change, -1, gradient);
    const curvature = inner(move, change);
    if (curvature > Number.EPSILON) steps = [...steps, { move, change, inverse: 1 / curvature }].slice(-MEMORY);
    const gain = value - nextValue;
    point = next;
    gradient = nextGradient;
    value = nextValue;
    if (gain < limits.tolerance * Math.abs(value)) break;
  }
  return point;
}
