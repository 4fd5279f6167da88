// A clock that stands still until a test moves it.
import type { Clock } from "../../src/lib/clock.ts";

export interface HandClock {
  readonly now: Clock;
  readonly advance: (milliseconds: number) => void;
}

export function handClock(start = 1_700_000_000_000): HandClock {
  let time = start;
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}
