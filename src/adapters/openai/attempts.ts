// Asks again where that may help. Law: one deadline over all attempts, one for each, and none of them after success.
import type { Clock } from "../../lib/clock.ts";
import { err, type Result } from "../../lib/result.ts";
import { retryDelayMilliseconds } from "../../lib/retry-delay.ts";
import type { Problem } from "../../problem.ts";
import { clientClosedRequest, upstreamTimeout, upstreamUnreachable } from "../upstream/upstream-problem.ts";

export interface AttemptLimits {
  /** over all attempts, until the first event of a stream or the last byte of a whole answer */
  readonly timeoutMilliseconds: number;
  /** the same for each attempt alone */
  readonly attemptTimeoutMilliseconds: number;
  /** how often at most one request is sent */
  readonly attempts: number;
  /** in [0, 1) */
  readonly random: () => number;
  /** milliseconds */
  readonly now?: Clock;
}

/** Why an attempt failed. `retryAfter` is the header's value; null for a failure that another attempt can't mend. */
export interface Failure {
  readonly problem: Problem;
  readonly retry: { readonly after: string | null } | null;
}

/**
 * What stops an attempt: its client, or its time. One controller, one timer and one listener, since each further one and every
 * AbortSignal.any is 10 to 20 µs of every request.
 */
class Stop {
  readonly #controller = new AbortController();
  readonly #client: AbortSignal;
  readonly #timeout: ReturnType<typeof setTimeout>;
  readonly #abort = (): void => {
    this.#controller.abort();
  };
  isLate = false;

  constructor(client: AbortSignal, milliseconds: number) {
    this.#client = client;
    this.#timeout = setTimeout(() => {
      this.isLate = true;
      this.#abort();
    }, milliseconds);
    // An aborted signal never fires again.
    if (client.aborted) this.#abort();
    else client.addEventListener("abort", this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From here on the client alone stops it: a stream goes on after the attempt that began it. */
  callOffTimer(): void {
    clearTimeout(this.#timeout);
  }

  callOff(): void {
    this.#client.removeEventListener("abort", this.#abort);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    // An aborted signal never fires again.
    if (signal.aborted) {
      resolve();
      return;
    }
    const timeout = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timeout);
        resolve();
      },
      { once: true },
    );
  });
}

/** `once` gets the signal that stops it; what it throws counts as a network error. */
export async function inAttempts<Value>(
  limits: AttemptLimits,
  client: AbortSignal,
  once: (stop: AbortSignal) => Promise<Result<Value, Failure>>,
): Promise<Result<Value, Problem>> {
  const { timeoutMilliseconds, attemptTimeoutMilliseconds, now = Date.now } = limits;
  const end = now() + timeoutMilliseconds;
  let last: Problem = upstreamUnreachable(null);
  for (let attempt = 0; attempt < limits.attempts; attempt += 1) {
    const leftMilliseconds = attempt === 0 ? timeoutMilliseconds : end - now();
    const stop = new Stop(client, Math.min(leftMilliseconds, attemptTimeoutMilliseconds));
    let retryAfter: string | null = null;
    try {
      const tried = await once(stop.signal);
      if (tried.ok) return tried;
      last = tried.error.problem;
      if (!stop.signal.aborted) {
        if (tried.error.retry === null) return err(last);
        retryAfter = tried.error.retry.after;
      }
    } catch (cause) {
      last = upstreamUnreachable(cause);
    } finally {
      stop.callOffTimer();
    }
    stop.callOff();
    if (stop.isLate) last = upstreamTimeout(attemptTimeoutMilliseconds);
    let isOver = stop.isLate && leftMilliseconds <= attemptTimeoutMilliseconds;
    if (attempt + 1 < limits.attempts && !isOver) {
      const pauseMilliseconds = retryDelayMilliseconds(attempt, limits.random(), retryAfter);
      isOver = pauseMilliseconds >= end - now();
      await pause(Math.min(pauseMilliseconds, end - now()), client);
    }
    if (client.aborted) return err(clientClosedRequest());
    if (isOver) return err(upstreamTimeout(timeoutMilliseconds));
  }
  return err(last);
}
