// Seeded faults around any work: refused, done but its answer lost, or no answer at all. Law: the same seed, the same faults; a
// rate of 0 draws nothing and changes nothing.

export interface FaultRates {
  /** of the queue's sends */
  readonly queue: number;
  readonly database: number;
  readonly objects: number;
  /** of the database's answers that never come */
  readonly silence: number;
}

export const NO_FAULTS: FaultRates = { queue: 0, database: 0, objects: 0, silence: 0 };

/** Numbers in [0, 1): Park and Miller's minimal standard generator (CACM 31, 10; 1988). */
export function seededRandom(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}

export class Faults {
  rates: FaultRates = NO_FAULTS;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  async around<T>(what: "queue" | "database" | "objects", work: () => Promise<T>): Promise<T> {
    if (what === "database" && this.#happens(this.rates.silence)) {
      if (this.#happens(0.5)) await work();
      return await new Promise<T>(() => undefined);
    }
    if (!this.#happens(this.rates[what])) return await work();
    if (this.#happens(0.5)) throw new Error(`the ${what} refuses`);
    await work();
    throw new Error(`the ${what} has it, but its answer was lost`);
  }

  #happens(rate: number): boolean {
    return rate > 0 && this.#random() < rate;
  }
}
