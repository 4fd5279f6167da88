// The one problem type: every expected failure on its way to the client.
// Law: `message` and `details` are for the client and say what to do; `cause` is logged and never sent.
import type { Result } from "./lib/result.ts";

export type ProblemType =
  | "invalid_request_error"
  | "authentication_error"
  | "permission_error"
  | "not_found_error"
  | "conflict_error"
  | "rate_limit_error"
  | "insufficient_quota"
  | "upstream_error"
  | "server_error";

export interface Problem {
  readonly status:
    400 | 401 | 402 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 429 | 451 | 499 | 500 | 502 | 503 | 504;
  readonly type: ProblemType;
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  /** further members of the error object (Azure's `innererror`) */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A problem on its way through code that can only throw (HTTP handlers). */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message, { cause: problem.cause });
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** The value, or the problem thrown for `onError` to write. */
export function unwrap<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new ProblemError(result.error);
  return result.value;
}

export function invalidRequest(message: string, param: string | null = null, code = "invalid_request"): Problem {
  return { status: 400, type: "invalid_request_error", code, message, param };
}

export function notFound(what: string, id: string): Problem {
  return {
    status: 404,
    type: "not_found_error",
    code: "not_found",
    message: `No ${what} has the id "${id}".`,
    param: "id",
  };
}

export function conflict(message: string): Problem {
  return { status: 409, type: "conflict_error", code: "conflict", message, param: null };
}

/** What a client reads, in a reply or as an event of a stream. */
export function problemBody(problem: Problem): { error: Readonly<Record<string, unknown>> } {
  const { message, type, param, code, details } = problem;
  return { error: { message, type, param, code, ...details } };
}
