// Work on many at once that one of them can spoil: what fails is halved, until what spoils it stands alone.
// Law: in order; each item ends once, as done, failed or untried; nothing is begun after the deadline.
import type { Clock } from "./clock.ts";
import { errorMessage } from "./error-message.ts";

export interface Halved<Item> {
  readonly done: readonly Item[];
  /** each tried by itself */
  readonly failed: readonly { readonly item: Item; readonly reason: string }[];
  readonly untried: readonly Item[];
}

/** `work` must be safe to repeat: it may have done a part before it failed. */
export async function inHalves<Item>(
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<void>,
  { clock, milliseconds }: { readonly clock: Clock; readonly milliseconds: number },
): Promise<Halved<Item>> {
  const [done, untried]: [Item[], Item[]] = [[], []];
  const failed: Halved<Item>["failed"][number][] = [];
  const until = clock() + milliseconds;
  const waiting = items.length === 0 ? [] : [items];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (clock() > until) {
      untried.push(...part);
      continue;
    }
    try {
      await work(part);
      done.push(...part);
    } catch (caught) {
      const reason = errorMessage(caught);
      const middle = Math.ceil(part.length / 2);
      if (part.length > 1) waiting.push(part.slice(middle), part.slice(0, middle));
      else failed.push(...part.map((item) => ({ item, reason })));
    }
  }
  return { done, failed, untried };
}
