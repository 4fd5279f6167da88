// What can go wrong with an upstream's stream after the first byte. Law: the client reads it as an error event.
import type { Problem } from "../../problem.ts";

function upstreamProblem(code: string, message: string, cause: unknown = null): Problem {
  return { status: 502, type: "upstream_error", code, message, param: null, cause };
}

/** The upstream said so itself. */
export function brokenOff(body: string): Problem {
  return upstreamProblem("upstream_error", "The model's server failed in the middle of its answer.", { body });
}

export function unreadable(): Problem {
  return upstreamProblem(
    "upstream_invalid_response",
    "The model's server sent something that is no part of a chat completion.",
  );
}

export function incomplete(): Problem {
  return upstreamProblem("upstream_incomplete", "The model's answer ended in the middle.");
}

/** Something of the gateway's own; what it was is logged. */
export function failedInside(cause: unknown): Problem {
  const message = "Something went wrong in the gateway. Quote the x-request-id when you report it.";
  return { status: 500, type: "server_error", code: "internal_error", message, param: null, cause };
}
