// A queue as Cloudflare's is meant to be (developers.cloudflare.com/queues/reference/delivery-guarantees): at least once, in any order,
// again after a failure, at last to the dead letters. Law: it outlives every consumer, and forgets only what was acknowledged.
import { DEAD_LETTERS, type Message } from "./protocol.ts";

/** As wrangler.toml has it for the capture queue. */
const MOST_ATTEMPTS = 11;
const BATCH = 100;

export class DurableQueue {
  readonly #random: () => number;
  #captures: Message[] = [];
  #dead: Message[] = [];
  /** mistakes whose analysis was asked for */
  readonly analysed = new Set<string>();
  /** of acknowledged messages, for a second delivery */
  #delivered: Message[] = [];
  #lastId = 0;
  duplicates = 0;
  deadLetters = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  take(name: string, bodies: readonly unknown[]): void {
    for (const body of bodies) {
      if (name === "analyses") this.analysed.add(String(Reflect.get(Object(body), "mistakeId")));
      else this.#captures.push({ id: String((this.#lastId += 1)), body, attempts: 0 });
    }
  }

  get waiting(): number {
    return this.#captures.length + this.#dead.length;
  }

  /** A batch, some of which may have been delivered and acknowledged before. */
  next(duplicateShare: number): { readonly queue: string; readonly messages: readonly Message[] } | null {
    const isDead = this.#dead.length > 0 && (this.#captures.length === 0 || this.#random() < 0.3);
    const again = isDead ? [] : this.#delivered.filter(() => this.#random() < duplicateShare).slice(0, BATCH / 2);
    if (!isDead) this.#delivered = [];
    const messages = (isDead ? this.#dead : this.#captures).splice(0, BATCH - again.length);
    if (messages.length === 0) return null;
    this.duplicates += again.length;
    const all = [...messages, ...again].map((each) => ({ ...each, attempts: each.attempts + 1 }));
    return { queue: isDead ? DEAD_LETTERS : "setback-captures", messages: all };
  }

  settle(queue: string, messages: readonly Message[], acknowledged: ReadonlySet<string>): void {
    for (const message of messages) {
      if (acknowledged.has(message.id)) this.#delivered.push({ ...message, attempts: 0 });
      else if (queue === DEAD_LETTERS) this.#dead.push(message);
      else if (message.attempts < MOST_ATTEMPTS) this.#captures.push(message);
      else {
        this.deadLetters += 1;
        this.#dead.push({ ...message, attempts: 0 });
      }
    }
  }
}
