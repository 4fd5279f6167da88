// Gives every request an id, in every reply as `x-request-id`. Law: always our own, so that it can be trusted in logs and mistakes.
import { createMiddleware } from "hono/factory";
import type { AppEnvironment } from "./app-services.ts";

export const requestId = createMiddleware<AppEnvironment>(async (context, next) => {
  const id = context.var.services.makeId("req");
  context.set("requestId", id);
  await next();
  context.header("x-request-id", id);
});
