// How long to wait before another attempt: exponential back-off with full jitter (AWS Architecture Blog, «Exponential Backoff And Jitter»).

const FIRST_MILLISECONDS = 200;
const MOST_MILLISECONDS = 5_000;

/** `attempt` counts from 0; `random` is in [0, 1). A `Retry-After` in seconds wins, up to the most we wait. */
export function retryDelayMilliseconds(attempt: number, random: number, retryAfter: string | null): number {
  const asked = retryAfter === null ? Number.NaN : Number(retryAfter);
  if (Number.isFinite(asked) && asked >= 0) return Math.min(asked * 1000, MOST_MILLISECONDS);
  return Math.floor(random * Math.min(FIRST_MILLISECONDS * 2 ** attempt, MOST_MILLISECONDS));
}
