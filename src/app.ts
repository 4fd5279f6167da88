// The HTTP application: middleware, routes, errors, OpenAPI. Law: it knows services by their interface alone.
import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnvironment, AppServices } from "./middleware/app-services.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { jsonBody } from "./middleware/json-body.ts";
import { requestId } from "./middleware/request-id.ts";
import { loggedFields, writeProblem } from "./middleware/write-problem.ts";
import { ProblemError } from "./problem.ts";
import { attacks } from "./routes/attacks.ts";
import { chatCompletions } from "./routes/chat-completions.ts";
import { documentation, OPENAPI_INFO } from "./routes/documentation.ts";
import { health } from "./routes/health.ts";
import { keys } from "./routes/keys.ts";
import { mistakes } from "./routes/mistakes.ts";
import { models } from "./routes/models.ts";
import { moderations } from "./routes/moderations.ts";
import { releases } from "./routes/releases.ts";

/** Which scope opens which path. A path that isn't here is public: /health, /openapi.json, /docs. */
const SCOPES = {
  "/v1/chat/*": "chat",
  "/v1/models": "chat",
  "/v1/moderations": "chat",
  "/v1/mistakes/*": "review",
  "/v1/mistakes": "review",
  "/v1/attacks": "review",
  "/v1/releases/*": "release",
  "/v1/releases": "release",
  "/v1/keys/*": "admin",
  "/v1/keys": "admin",
  "/v1/projects": "admin",
} as const;

/**
 * @example const app = createApp((env: Env) => createServices(env)); app.fetch(request, env, context)
 */
export function createApp<Bindings extends object>(
  createServices: (bindings: Bindings) => AppServices,
): OpenAPIHono<AppEnvironment & { Bindings: Bindings }> {
  const app = new OpenAPIHono<AppEnvironment & { Bindings: Bindings }>();
  app.use(async (context, next) => {
    try {
      context.set("services", createServices(context.env));
    } catch (caught) {
      // A bad setting: there is no service yet that could log it or make an id.
      context.header("x-request-id", crypto.randomUUID());
      return writeProblem(caught, context);
    }
    await next();
    return undefined;
  });
  app.use(requestId);
  for (const [path, scope] of Object.entries(SCOPES)) app.use(path, authenticate(scope));
  app.use("/v1/*", jsonBody);
  for (const router of [chatCompletions, models, moderations, mistakes, attacks, releases, keys, health]) {
    app.route("/", router);
  }
  app.openAPIRegistry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer" });
  app.doc31("/openapi.json", OPENAPI_INFO);
  app.route(
    "/",
    documentation(() => app.getOpenAPI31Document(OPENAPI_INFO)),
  );
  app.notFound((context) => {
    const error = new ProblemError({
      status: 404,
      type: "not_found_error",
      code: "unknown_path",
      message: `There is no ${context.req.method} ${context.req.path} here; /docs lists what there is.`,
      param: null,
    });
    return writeProblem(error, context);
  });
  app.onError((caught, context) => {
    const fields = loggedFields(caught);
    if (Number(fields["status"]) >= 500) {
      const { services, requestId: id } = context.var;
      services.logger.error("request_failed", { ...fields, request_id: id, path: context.req.path });
    }
    return writeProblem(caught, context);
  });
  return app;
}
