// Bounded work: a few requests run at once, some wait, and the rest hear at once that the server is full.
// Law: whoever leaves while waiting gives the place up; a task that fails frees its place too.
import { RequestProblem } from "./request-problem.ts";

export class RequestQueue {
  readonly #parallel: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(parallel: number, mostWaiting: number) {
    this.#parallel = parallel;
    this.#mostWaiting = mostWaiting;
  }

  async run<Value>(signal: AbortSignal, task: () => Promise<Value>): Promise<Value> {
    await this.#enter(signal);
    try {
      signal.throwIfAborted();
      return await task();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#running < this.#parallel) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#mostWaiting)
      throw new RequestProblem(503, "The local model has too many requests waiting: try again shortly.", "overloaded");
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(new DOMException("The client left.", "AbortError"));
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting.push(start);
    });
  }

  /** The place goes straight to the next one in the line, so nobody can push in. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
