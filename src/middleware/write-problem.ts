// The one writer of errors: OpenAI's `{error: {message, type, param, code}}`, all four keys.
// Law: what was not expected is logged with its cause and answered without it.
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { errorMessage } from "../lib/error-message.ts";
import { isDatabaseFull } from "../mistake/database-full.ts";
import { invalidRequest, problemBody, ProblemError, type Problem } from "../problem.ts";

const DATABASE_FULL: Problem = {
  status: 503,
  type: "server_error",
  code: "database_full",
  message:
    "The gateway's database is full, so nothing can be written. Its operator must make room: see docs/storage.md.",
  param: null,
};

function problemOf(caught: unknown): Problem {
  if (caught instanceof ProblemError) return caught.problem;
  if (caught instanceof HTTPException && caught.status === 400) {
    return { ...invalidRequest("The body is no valid JSON.", null, "invalid_json"), cause: caught };
  }
  if (isDatabaseFull(caught)) return { ...DATABASE_FULL, cause: caught };
  return {
    status: 500,
    type: "server_error",
    code: "internal_error",
    message: "Something went wrong in the gateway. Quote the x-request-id when you report it.",
    param: null,
    cause: caught,
  };
}

export function writeProblem(caught: unknown, context: Context): Response {
  const problem = problemOf(caught);
  for (const [name, value] of Object.entries(problem.headers ?? {})) context.header(name, value);
  // 499 is nginx's word for a client that went away; nobody reads this reply, and hono's types don't know it.
  return new Response(JSON.stringify(problemBody(problem)), {
    status: problem.status,
    headers: { ...Object.fromEntries(context.res.headers), "content-type": "application/json" },
  });
}

/** What a log may say of a problem: codes, and the text of an unexpected error, which is code's and not a user's. */
export function loggedFields(caught: unknown): Readonly<Record<string, string | number>> {
  const { status, type, code, cause } = problemOf(caught);
  return { status, type, code, ...(cause === undefined || cause === null ? {} : { cause: causeText(cause) }) };
}

function causeText(cause: unknown): string {
  return cause instanceof Error || typeof cause !== "object" ? errorMessage(cause) : "see the upstream's log";
}
