// Web pages that send feedback (fetch.spec.whatwg.org, «CORS protocol»). Law: a page that the key's policy does not name is refused,
// not only kept from reading the reply. A preflight has no key, so it promises nothing but that a POST will be looked at.
import { createMiddleware } from "hono/factory";
import { requestPolicy } from "../generation/request-policy.ts";
import { ProblemError, unwrap } from "../problem.ts";
import type { AppEnvironment } from "./app-services.ts";

const PREFLIGHT_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "POST",
  // A wildcard would not stand for `authorization`.
  "access-control-allow-headers": "authorization, content-type, idempotency-key",
  "access-control-max-age": "7200",
};

export const feedbackPreflight = createMiddleware<AppEnvironment>(async (context, next) => {
  if (context.req.method === "OPTIONS") return context.body(null, 204, PREFLIGHT_HEADERS);
  await next();
  return undefined;
});

function notAllowed(origin: string): ProblemError {
  return new ProblemError({
    status: 403,
    type: "permission_error",
    code: "origin_not_allowed",
    message: `The policy of this key lets no page of ${origin.slice(0, 300)} send feedback: see "feedback": {"origins": […]}.`,
    param: null,
  });
}

/** After `authenticate`: the policy is the key's. */
export const feedbackOrigin = createMiddleware<AppEnvironment>(async (context, next) => {
  const { services, key } = context.var;
  const origin = context.req.header("origin");
  context.header("vary", "origin");
  // The gateway's own pages need no leave.
  if (origin !== undefined && origin !== new URL(context.req.url).origin) {
    const { policy } = unwrap(await requestPolicy(services, key));
    if (!policy.feedback.origins.includes(origin)) throw notAllowed(origin);
    context.header("access-control-allow-origin", origin);
    context.header("access-control-expose-headers", "x-request-id, retry-after");
  }
  await next();
});
