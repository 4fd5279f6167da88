// What a failing upstream means for our client. Law: a 4xx keeps its status; our own attempts are spent, so SDKs must not retry.
import { z } from "zod";
import { parseJson } from "../../lib/parse-json.ts";
import { redactedText } from "../../mistake/redaction.ts";
import type { Problem } from "../../problem.ts";

const MOST_MESSAGE_CHARACTERS = 2_000;

const SPENT = { "x-should-retry": "false" } as const;

const upstreamErrorSchema = z.looseObject({
  error: z.looseObject({
    message: z.string(),
    type: z.string().nullish(),
    param: z.string().nullish(),
    code: z.union([z.string(), z.number()]).nullish(),
  }),
});

const KEPT_STATUSES = [400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 422, 429, 451] as const;

function keptStatus(status: number): Problem["status"] {
  // A redirect that nobody follows is the upstream's fault, not the client's.
  return KEPT_STATUSES.find((kept) => kept === status) ?? (status >= 400 && status < 500 ? 400 : 502);
}

function typeOf(status: Problem["status"]): Problem["type"] {
  if (status === 429) return "rate_limit_error";
  if (status === 404) return "not_found_error";
  return status >= 500 || status === 401 || status === 403 ? "upstream_error" : "invalid_request_error";
}

/** The upstream answered with an error status. `body` is its text, at most a few KiB. */
export function upstreamStatusProblem(status: number, body: string): Problem {
  const kept = keptStatus(status);
  // Of an error page instead of JSON the text stays in the cause.
  const parsed = upstreamErrorSchema.safeParse(parseJson(body)).data ?? null;
  const cause = { upstreamStatus: status, body: body.slice(0, 2_000) };
  // An upstream's 5xx says nothing that the client could act on, and 401 or 403 speak of our credentials, not the client's.
  if (kept >= 500 || kept === 401 || kept === 403 || parsed === null) {
    const message =
      kept === 401 || kept === 403
        ? "The model's server refused the gateway's credentials. The operator must check SETBACK_UPSTREAM_KEY."
        : `The model's server answered with status ${status}.`;
    return { status: kept, type: typeOf(kept), code: "upstream_error", message, param: null, headers: SPENT, cause };
  }
  return {
    status: kept,
    type: typeOf(kept),
    code: String(parsed.error.code ?? "upstream_error"),
    // An error can quote what it was given, keys included.
    message: redactedText(parsed.error.message.slice(0, MOST_MESSAGE_CHARACTERS)),
    param: parsed.error.param ?? null,
    headers: SPENT,
    cause,
  };
}

export function upstreamTimeout(milliseconds: number): Problem {
  return {
    status: 504,
    type: "upstream_error",
    code: "upstream_timeout",
    message: `The model did not answer within ${milliseconds} ms.`,
    param: null,
    headers: SPENT,
  };
}

export function upstreamUnreachable(cause: unknown): Problem {
  return {
    status: 502,
    type: "upstream_error",
    code: "upstream_unreachable",
    message: "The model's server can't be reached.",
    param: null,
    headers: SPENT,
    cause,
  };
}

export function upstreamInvalid(cause: unknown): Problem {
  return {
    status: 502,
    type: "upstream_error",
    code: "upstream_invalid_response",
    message: "The model's server sent something that is no chat completion.",
    param: null,
    headers: SPENT,
    cause,
  };
}

/** The answer began and did not end: a reset connection, for example. */
export function upstreamBrokeOff(cause: unknown): Problem {
  return {
    status: 502,
    type: "upstream_error",
    code: "upstream_broke_off",
    message: "The model's server broke off in the middle of its answer.",
    param: null,
    headers: SPENT,
    cause,
  };
}

export function upstreamUnavailable(message: string): Problem {
  return {
    status: 503,
    type: "upstream_error",
    code: "upstream_unavailable",
    message,
    param: null,
    headers: SPENT,
  };
}

export function clientClosedRequest(): Problem {
  return {
    status: 499,
    type: "invalid_request_error",
    code: "client_closed_request",
    message: "The client went away before the answer was there.",
    param: null,
  };
}
