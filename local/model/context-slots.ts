// The contexts in memory: a context holds the state of one conversation, costs memory by its size, and keeps what it read last.
// Law: at most MOST_SLOTS contexts live at once and a busy one is never taken away; the request queue keeps fewer busy than that.
import { reusableTokens } from "./prompt-blocks.ts";

/** Each costs 23 KB a token of SmolLM2-135M: 24 MB at 1,024 tokens, 188 MB at 8,192. */
const MOST_SLOTS = 4;
const LEAST_SLOT_TOKENS = 1024;

export interface Context<Sequence> {
  readonly sequence: Sequence;
  readonly dispose: () => Promise<void>;
}

export interface Slot<Sequence> {
  readonly sequence: Sequence;
  readonly adapter: string | null;
  readonly sizeTokens: number;
  readonly dispose: () => Promise<void>;
  /** what stands in whole blocks at the beginning of the sequence */
  read: readonly number[];
}

type CreateContext<Sequence> = (adapter: string | null, sizeTokens: number) => Promise<Context<Sequence>>;

export class ContextSlots<Sequence> {
  readonly #create: CreateContext<Sequence>;
  readonly #mostTokens: number;
  /** least recently used first */
  #idle: readonly Slot<Sequence>[] = [];
  /** busy, or just being opened */
  #away = 0;

  constructor(create: CreateContext<Sequence>, mostTokens: number) {
    this.#create = create;
    this.#mostTokens = mostTokens;
  }

  /** The slot that has most of this prompt in it already, or a new one. Whoever takes it must give it back. */
  async take(adapter: string | null, prompt: readonly number[], neededTokens: number): Promise<Slot<Sequence>> {
    const fitting = this.#idle.filter((slot) => slot.adapter === adapter && slot.sizeTokens >= neededTokens);
    const best = fitting.toSorted(
      (left, right) => reusableTokens(right.read, prompt) - reusableTokens(left.read, prompt),
    )[0];
    this.#away += 1;
    try {
      if (best === undefined) return await this.#open(adapter, neededTokens);
      this.#remove(best);
      return best;
    } catch (cause) {
      this.#away -= 1;
      throw cause;
    }
  }

  giveBack(slot: Slot<Sequence>): void {
    this.#away -= 1;
    this.#idle = [...this.#idle, slot];
  }

  async #open(adapter: string | null, neededTokens: number): Promise<Slot<Sequence>> {
    // One that was too small for its conversation goes first, then the one that was not used for longest.
    const outgrown = this.#idle.find((slot) => slot.adapter === adapter && slot.sizeTokens < neededTokens);
    const full = this.#idle.length + this.#away > MOST_SLOTS;
    const leaving = outgrown ?? (full ? this.#idle[0] : undefined);
    if (leaving !== undefined) {
      this.#remove(leaving);
      await leaving.dispose();
    }
    const sizeTokens = slotTokens(neededTokens, this.#mostTokens);
    return { ...(await this.#create(adapter, sizeTokens)), adapter, sizeTokens, read: [] };
  }

  #remove(slot: Slot<Sequence>): void {
    this.#idle = this.#idle.filter((other) => other !== slot);
  }
}

/** Doubles until it fits, so that a conversation growing by a turn needs no new context each time. */
function slotTokens(neededTokens: number, mostTokens: number): number {
  let size = LEAST_SLOT_TOKENS;
  while (size < neededTokens) size *= 2;
  return Math.min(size, mostTokens);
}
