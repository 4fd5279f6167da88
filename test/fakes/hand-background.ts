// Background work that waits until a test runs it.
import type { Background } from "../../src/lib/background.ts";

export interface HandBackground {
  readonly background: Background;
  /** the delays of what waits, in milliseconds */
  readonly delays: () => readonly number[];
  readonly run: () => Promise<void>;
  /** As when the invocation is cut off. */
  readonly lose: () => void;
}

export function handBackground(): HandBackground {
  let waiting: { readonly work: () => Promise<void>; readonly delay: number }[] = [];
  return {
    background: (work, delayMilliseconds = 0) => {
      waiting.push({ work, delay: delayMilliseconds });
    },
    delays: () => waiting.map(({ delay }) => delay),
    run: async () => {
      const due = waiting;
      waiting = [];
      for (const { work } of due) await work();
    },
    lose: () => {
      waiting = [];
    },
  };
}
