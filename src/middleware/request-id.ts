// Gives every request an id, in every reply as `x-request-id`. Law: always our own, so that it can be trusted in logs and mistakes.
import { createMiddleware } from "hono/factory";
import type { AppEnvironment } from "./app-services.ts";

const HEADER = "x-request-id";

export const requestId = createMiddleware<AppEnvironment>(async (context, next) => {
  const id = context.get("services").makeId("req");
  context.set("requestId", id);
  // Set beforehand it becomes part of the reply that hono makes; afterwards the whole reply would be copied for it.
  context.header(HEADER, id);
  await next();
  if (context.res.headers.get(HEADER) !== id) context.header(HEADER, id);
});
