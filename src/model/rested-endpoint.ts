// A guardrail's server with a circuit breaker. Law: one that keeps failing is left alone for a while, which is a failure too.
import { err, type Result } from "../lib/result.ts";
import type { Problem } from "../problem.ts";
import type { Breaker } from "./circuit.ts";
import type { HttpEndpoint } from "./http-endpoint.ts";
import { allResting, reportedCall } from "./reported-call.ts";

export function restedEndpoint(endpoint: HttpEndpoint, breaker: Breaker): HttpEndpoint {
  return {
    post: async (post, signal): Promise<Result<unknown, Problem>> => {
      const ticket = breaker.admit();
      return ticket === null ? err(allResting) : await reportedCall(breaker, ticket, endpoint.post(post, signal));
    },
  };
}

/** A server that can't be asked now. */
export function unavailableEndpoint(problem: Problem): HttpEndpoint {
  return { post: async () => await Promise.resolve(err(problem)) };
}
