// One call of an upstream, and what its circuit breaker learns from it. Law: a client that went away is no failure of the upstream, and
// neither is what the client did wrong.
import type { Result } from "../lib/result.ts";
import type { Problem } from "../problem.ts";
import type { Breaker } from "./circuit.ts";

/** Refused credentials, a spent quota, a limit: another upstream may have none of these. */
const OURS = new Set([401, 402, 403, 408, 429]);

export const CLIENT_CLOSED = 499;

export const allResting: Problem = {
  status: 503,
  type: "upstream_error",
  code: "upstream_unavailable",
  message: "The model's servers failed too often and are left alone for some seconds. Try again then.",
  param: null,
  headers: { "retry-after": "15" },
};

export function isUpstreamsFault({ status }: Problem): boolean {
  return status >= 500 || OURS.has(status);
}

/** @param ticket from the breaker, for this call */
export async function reportedCall<Value>(
  breaker: Breaker,
  ticket: number,
  asking: Promise<Result<Value, Problem>>,
): Promise<Result<Value, Problem>> {
  try {
    const answered = await asking;
    if (answered.ok) breaker.report(ticket, "succeeded");
    else if (answered.error.status === CLIENT_CLOSED) breaker.report(ticket, "abandoned");
    else breaker.report(ticket, isUpstreamsFault(answered.error) ? "failed" : "succeeded");
    return answered;
  } catch (caught) {
    breaker.report(ticket, "abandoned");
    throw caught;
  }
}
