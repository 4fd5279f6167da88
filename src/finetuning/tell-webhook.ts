// Tells the operator's webhook that a release is ready or failed, signed as Standard Webhooks does. Law: its id is the release's, so
// that whoever gets it twice knows; a release never waits or fails because nobody listens.
import type { Clock } from "../lib/clock.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { Logger } from "../lib/logger.ts";
import { webhookHeaders } from "../lib/webhook-signature.ts";
import type { Release } from "../release/release.ts";

export interface Webhook {
  readonly url: string;
  readonly secret: string;
  readonly fetch: typeof fetch;
}

const TIMEOUT_MILLISECONDS = 10_000;
const ATTEMPTS = 3;

/** Whether it took it. */
export async function tellWebhook(
  { url, secret, fetch: send }: Webhook,
  { id, projectId, status, counts, files, failure }: Release,
  clock: Clock,
  logger: Logger,
): Promise<boolean> {
  const rows = files.reduce((sum, file) => sum + (file.name.endsWith(".jsonl") ? file.rows : 0), 0);
  const body = JSON.stringify({
    type: `release.${status}`,
    timestamp: new Date(clock()).toISOString(),
    data: { id, project_id: projectId, status, counts, files: files.length, rows, failure },
  });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const headers = await webhookHeaders({ id: `${id}-${status}`, body }, secret, clock);
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
      const sent = { ...headers, "content-type": "application/json" };
      // Elsewhere than where the operator said it is sent nothing.
      const response = await send(url, { method: "POST", headers: sent, body, redirect: "manual", signal });
      await response.body?.cancel();
      if (response.ok) return true;
      logger.error("release_webhook_refused", { release: id, attempt, status: response.status });
    } catch (caught) {
      logger.error("release_webhook_failed", { release: id, attempt, reason: errorMessage(caught) });
    }
  }
  return false;
}
