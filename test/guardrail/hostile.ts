// Measures how the work of a guardrail grows with a hostile text. Law: the bound is loose, since machines are busy; quadratic
// work is a hundred times as much for ten times the text, and still goes red.
import { expect } from "vitest";

const SMALL_UNITS = 100_000;
const LARGE_UNITS = 1_000_000;
const LOOSE_FACTOR = 4;
const SLACK_MILLISECONDS = 400;

/** for a test that calls `expectLinear` a few times on a busy machine */
export const HOSTILE_TIMEOUT_MILLISECONDS = 60_000;

async function millisecondsOf(work: () => void): Promise<number> {
  // workerd's clock stands still while code runs and moves on with I/O, so both readings come after a timer.
  await scheduler.wait(1);
  const start = performance.now();
  work();
  await scheduler.wait(1);
  return performance.now() - start;
}

export async function expectLinear(work: (text: string) => void, pattern: string): Promise<void> {
  const repeated = (units: number): string => pattern.repeat(Math.ceil(units / pattern.length)).slice(0, units);
  const [small, large] = [repeated(SMALL_UNITS), repeated(LARGE_UNITS)];
  // A shorter text warms up: what a guardrail remembers of a text must not make the measured one free.
  work(repeated(SMALL_UNITS - 1));
  const smallTime = await millisecondsOf(() => {
    work(small);
  });
  const largeTime = await millisecondsOf(() => {
    work(large);
  });
  const bound = (LARGE_UNITS / SMALL_UNITS) * LOOSE_FACTOR * smallTime + SLACK_MILLISECONDS;
  expect(largeTime, `${JSON.stringify(pattern.slice(0, 60))}: ${smallTime} ms, then ${largeTime} ms`).toBeLessThan(
    bound,
  );
}
