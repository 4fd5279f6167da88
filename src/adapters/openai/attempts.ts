// Asks again where that may help. Law: one deadline over all attempts, one for each, and none of them after success.
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
}

/** Why an attempt failed. `retryAfter` is the header's value; null for a failure that another attempt can't mend. */
export interface Failure {
  readonly problem: Problem;
  readonly retry: { readonly after: string | null } | null;
}

/** A signal that fires after a time, unless it is called off. */
function timer(milliseconds: number): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController();
  const timeout = setTimeout(() => {
    controller.abort();
  }, milliseconds);
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timeout);
    },
  };
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
  const total = timer(limits.timeoutMilliseconds);
  const overall = AbortSignal.any([client, total.signal]);
  let last: Problem = upstreamUnreachable(null);
  try {
    for (let attempt = 0; attempt < limits.attempts; attempt += 1) {
      const own = timer(limits.attemptTimeoutMilliseconds);
      let retryAfter: string | null = null;
      try {
        const tried = await once(AbortSignal.any([overall, own.signal]));
        if (tried.ok) return tried;
        last = tried.error.problem;
        if (!overall.aborted && !own.signal.aborted) {
          if (tried.error.retry === null) return err(last);
          retryAfter = tried.error.retry.after;
        }
      } catch (cause) {
        last = upstreamUnreachable(cause);
      } finally {
        own.clear();
      }
      if (own.signal.aborted) last = upstreamTimeout(limits.attemptTimeoutMilliseconds);
      if (attempt + 1 < limits.attempts) {
        await pause(retryDelayMilliseconds(attempt, limits.random(), retryAfter), overall);
      }
      if (client.aborted) return err(clientClosedRequest());
      if (total.signal.aborted) return err(upstreamTimeout(limits.timeoutMilliseconds));
    }
    return err(last);
  } finally {
    total.clear();
  }
}
