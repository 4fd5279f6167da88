// Lets a request through only with a key of the right scope. Law: a route without this middleware is public on purpose.
import { createMiddleware } from "hono/factory";
import { allows, type Scope } from "../access/key.ts";
import { ProblemError, unwrap } from "../problem.ts";
import type { AppEnvironment } from "./app-services.ts";

/**
 * @example app.use("/v1/keys", authenticate("admin"))
 */
export function authenticate(scope: Scope): ReturnType<typeof createMiddleware<AppEnvironment>> {
  return createMiddleware<AppEnvironment>(async (context, next) => {
    const key = unwrap(await context.get("services").keyRing.authenticate(context.req.header("authorization") ?? null));
    if (!allows(key, scope)) {
      throw new ProblemError({
        status: 403,
        type: "permission_error",
        code: "missing_scope",
        message: `This key lacks the scope "${scope}".`,
        param: null,
      });
    }
    context.set("key", key);
    await next();
  });
}
