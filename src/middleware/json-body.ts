// What a body must be before a route reads it: JSON by its type, and no larger than the cap. Lines of JSON are for the routes that
// read them one by one, however many there are.
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { ProblemError } from "../problem.ts";
import type { AppEnvironment } from "./app-services.ts";

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError({
    status: 413,
    type: "invalid_request_error",
    code: "body_too_large",
    message: `The body is larger than ${maxBytes} bytes.`,
    param: null,
  });
}

/** Media types in use for lines of JSON, none of them registered (jsonlines.org, github.com/ndjson/ndjson-spec). */
const JSON_LINES = /^application\/(?:x-)?(?:jsonl|ndjson|jsonlines)\s*(?:;|$)/i;
const JSON_LINES_PATHS = ["/v1/mistakes/import", "/v1/audits"];

/** The body's lines as they come; null where it is something else, or nothing. */
export function linesBody(context: Context<AppEnvironment>): ReadableStream<Uint8Array> | null {
  return JSON_LINES.test(context.req.header("content-type") ?? "") ? context.req.raw.body : null;
}

export const jsonBody = createMiddleware<AppEnvironment>(async (context, next) => {
  if (!["POST", "PATCH"].includes(context.req.method)) {
    await next();
    return undefined;
  }
  if (JSON_LINES_PATHS.includes(context.req.path) && linesBody(context) !== null) {
    await next();
    return undefined;
  }
  const type = context.req.header("content-type") ?? "";
  // Nothing at all is for the route to judge: some have no required body.
  if (type === "" && (context.req.raw.body === null || context.req.header("content-length") === "0")) {
    await next();
    return undefined;
  }
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new ProblemError({
      status: 415,
      type: "invalid_request_error",
      code: "unsupported_media_type",
      message: 'Send JSON, with the header "content-type: application/json".',
      param: null,
    });
  }
  const maxSize = context.get("services").maxBodyBytes;
  // The server cuts a body off at its content-length (RFC 9112 section 6.2), so nothing has to be counted; a body that is not
  // touched here is read in one go by its route.
  const length = context.req.header("content-length");
  if (length !== undefined && context.req.header("transfer-encoding") === undefined) {
    if (Number.parseInt(length, 10) > maxSize) throw tooLarge(maxSize);
    await next();
    return undefined;
  }
  const limit = bodyLimit({
    maxSize,
    onError: () => {
      throw tooLarge(maxSize);
    },
  });
  return await limit(context, next);
});
