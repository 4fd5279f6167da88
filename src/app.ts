// The HTTP application: middleware, routes, errors, OpenAPI. Law: it knows services by their interface alone.
import { OpenAPIHono } from "@hono/zod-openapi";
import { routePath } from "hono/route";
import { ConsoleLogger } from "./adapters/console/console-logger.ts";
import type { AppEnvironment, AppServices } from "./middleware/app-services.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { feedbackOrigin, feedbackPreflight } from "./middleware/feedback-origin.ts";
import { jsonBody } from "./middleware/json-body.ts";
import { limits } from "./middleware/limits.ts";
import { requestId } from "./middleware/request-id.ts";
import { storeSession } from "./middleware/store-session.ts";
import { loggedFields, writeProblem } from "./middleware/write-problem.ts";
import { ProblemError } from "./problem.ts";
import { accessLog } from "./routes/access-log.ts";
import { analysisPassRates } from "./routes/analysis-pass-rates.ts";
import { attacks } from "./routes/attacks.ts";
import { audits } from "./routes/audits.ts";
import { audit } from "./routes/audit.ts";
import { bulkReviews } from "./routes/bulk-reviews.ts";
import { candidates } from "./routes/candidates.ts";
import { chatCompletions } from "./routes/chat-completions.ts";
import { clusters } from "./routes/clusters.ts";
import { deadLetters } from "./routes/dead-letters.ts";
import { documentation, OPENAPI_INFO } from "./routes/documentation.ts";
import { examples } from "./routes/examples.ts";
import { feedback } from "./routes/feedback.ts";
import { health } from "./routes/health.ts";
import { imports } from "./routes/imports.ts";
import { inductions } from "./routes/inductions.ts";
import { keys } from "./routes/keys.ts";
import { mistakeReviews } from "./routes/mistake-reviews.ts";
import { mistakes } from "./routes/mistakes.ts";
import { models } from "./routes/models.ts";
import { moderations } from "./routes/moderations.ts";
import { monitor } from "./routes/monitor.ts";
import { overrules } from "./routes/overrules.ts";
import { policies } from "./routes/policies.ts";
import { policyTests } from "./routes/policy-tests.ts";
import { releaseFiles } from "./routes/release-files.ts";
import { releases } from "./routes/releases.ts";
import { reviewQueue } from "./routes/review-queue.ts";
import { thresholds } from "./routes/thresholds.ts";
import { subjects } from "./routes/subjects.ts";
import { upstreams } from "./routes/upstreams.ts";
import { usage } from "./routes/usage.ts";
import { verdicts } from "./routes/verdicts.ts";

/** Which scope opens which path. A path that isn't here is public: /health, /openapi.json, /docs, and /signed, whose addresses carry their own proof. */
const SCOPES = {
  "/v1/chat/*": "chat",
  "/v1/models": "chat",
  "/v1/moderations": "chat",
  "/v1/mistakes/*": "review",
  "/v1/mistakes/import": "admin",
  "/v1/audits": "review",
  "/v1/analyses/*": "review",
  "/v1/mistakes": "review",
  "/v1/reviews/*": "review",
  "/v1/reviews/queue/:id/lease": "admin",
  "/v1/thresholds/*": "review",
  "/v1/clusters": "review",
  "/v1/attacks/*": "review",
  "/v1/attacks": "review",
  "/v1/verdicts/*": "review",
  "/v1/overrules/*": "review",
  "/v1/overrules": "review",
  "/v1/examples": "release",
  "/v1/releases/*": "release",
  "/v1/releases": "release",
  "/v1/inductions/*": "admin",
  "/v1/inductions": "admin",
  "/v1/keys/*": "admin",
  "/v1/keys": "admin",
  "/v1/projects": "admin",
  "/v1/usage": "admin",
  "/v1/upstreams/*": "admin",
  "/v1/upstreams": "admin",
  "/v1/candidates/*": "admin",
  "/v1/candidates": "admin",
  "/v1/policies/*": "admin",
  "/v1/policies": "admin",
  "/v1/monitor": "admin",
  "/v1/audit": "admin",
  "/v1/subjects/*": "admin",
  "/v1/access-log": "admin",
  "/v1/dead-letters/*": "admin",
} as const;

/** Where a key's limits count: what asks the model, or makes the guardrails work. */
const LIMITED = ["/v1/chat/*", "/v1/moderations", "/v1/attacks/:id/overrule", "/v1/audits"];

/** What reads and writes stored things, `/*` being the path itself too. Chat does neither on its way. */
const STORED = [
  ...[
    "/v1/mistakes/*",
    "/v1/reviews/*",
    "/v1/thresholds/*",
    "/v1/examples",
    "/v1/clusters",
    "/v1/attacks/*",
    "/v1/verdicts/*",
    "/v1/overrules/*",
    "/v1/releases/*",
    "/v1/keys/*",
    "/v1/projects",
    "/v1/usage",
  ],
  ...["/v1/policies/*", "/v1/monitor", "/v1/audit"],
];

const UNREADY = { status: 500, type: "server_error" } as const;

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
      // A bad setting or policy, which no client can mend. There is no service yet that could log it or make an id.
      context.header("x-request-id", crypto.randomUUID());
      new ConsoleLogger().error("services_failed", loggedFields(caught));
      const problem = caught instanceof ProblemError ? { ...caught.problem, ...UNREADY } : null;
      return writeProblem(problem === null ? caught : new ProblemError(problem), context);
    }
    await next();
    return undefined;
  });
  app.use(requestId);
  for (const [path, scope] of Object.entries(SCOPES)) app.use(path, authenticate(scope));
  // What is said here, a web page may say; what was said, a reviewer reads.
  app.use("/v1/feedback", feedbackPreflight);
  app.on("POST", "/v1/feedback", authenticate("feedback"), feedbackOrigin, limits);
  app.on("GET", "/v1/feedback", authenticate("review"));
  for (const path of LIMITED) app.use(path, limits);
  for (const path of STORED) app.use(path, storeSession);
  app.use("/v1/*", jsonBody);
  const routers = [
    ...[
      chatCompletions,
      models,
      moderations,
      mistakes,
      clusters,
      analysisPassRates,
      attacks,
      releases,
      releaseFiles,
      keys,
      upstreams,
      usage,
      health,
    ],
    ...[policyTests, policies, monitor, audit, overrules, verdicts, feedback, imports, audits, subjects, accessLog],
    ...[candidates, inductions, mistakeReviews, reviewQueue, bulkReviews, thresholds, examples, deadLetters],
  ];
  for (const router of routers) {
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
    // An upstream's 4xx may be the operator's to mend: a refused key, a spent quota.
    if (Number(fields["status"]) >= 500 || fields["type"] === "upstream_error") {
      const { services, requestId: id } = context.var;
      // Of paths the pattern alone: one of them has an end user's id in it.
      services.logger.error("request_failed", { ...fields, request_id: id, path: routePath(context) });
    }
    return writeProblem(caught, context);
  });
  return app;
}
