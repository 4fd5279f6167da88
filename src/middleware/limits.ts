// Keeps a key within its limits, and counts what comes of its requests. Law: a refused request reaches no guardrail and no model.
import { createMiddleware } from "hono/factory";
import type { Outcome } from "../access/usage.ts";
import { ProblemError, type Problem } from "../problem.ts";
import type { AppEnvironment } from "./app-services.ts";

/** What a failed request counts as. What became of an answer is counted where it is decided (generation/). */
function outcomeOf({ code, type, status }: Problem): Outcome | null {
  if (code === "content_filter") return "input_blocked";
  return type === "upstream_error" || status === 502 || status === 504 ? "upstream_error" : null;
}

/**
 * @example app.use("/v1/chat/*", limits)
 */
export const limits = createMiddleware<AppEnvironment>(async (context, next) => {
  const [services, key] = [context.get("services"), context.get("key")];
  const refusal = await services.limitGate.refusal(key);
  if (refusal !== null) throw new ProblemError(refusal);
  const owner = { projectId: key.projectId, keyId: key.id };
  services.meter.count({ ...owner, outcome: "request" });
  await next();
  // An event stream ends when its reader does (routes/chat-completions).
  if (context.get("endsLater") !== true) services.meter.count({ ...owner, outcome: "request_ended" });
  const outcome = context.error instanceof ProblemError ? outcomeOf(context.error.problem) : null;
  if (outcome !== null) services.meter.count({ ...owner, outcome });
});
