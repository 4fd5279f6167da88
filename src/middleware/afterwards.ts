// Work that may outlive its reply (`waitUntil`: 30 s after the reply or the client's disconnect). Law: it never rejects unseen.
import type { Context } from "hono";
import { errorMessage } from "../lib/error-message.ts";
import type { AppEnvironment } from "./app-services.ts";

export function afterwards(context: Context<AppEnvironment>, work: Promise<unknown>): void {
  const { services, requestId } = context.var;
  const watched = work.catch((caught: unknown) => {
    services.logger.error("afterwards_failed", { reason: errorMessage(caught), request_id: requestId });
  });
  try {
    context.executionCtx.waitUntil(watched);
  } catch {
    // Hono throws where there is no execution context; then nothing can end the work early either.
  }
}
