// Consumes the analysis queue: one guided analysis a message. Law: a failure is retried with a growing delay, then dead-lettered.
import { analyseMistake } from "../analysis/analyse-mistake.ts";
import { waiveReview } from "../induction/review/waive-review.ts";
import { errorMessage } from "../lib/error-message.ts";
import { type AnalysisRequest, analysisRequestSchema } from "../mistake/analysis-queue.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import type { QueueBatch } from "./queue-message.ts";

const FIRST_RETRY_SECONDS = 5;
const MOST_RETRY_SECONDS = 300;

export async function consumeAnalyses(services: AppServices, batch: QueueBatch): Promise<void> {
  for (const message of batch.messages) {
    const parsed = analysisRequestSchema.safeParse(message.body);
    if (!parsed.success) {
      await keepDeadLetter(services, batch.queue, message);
      message.ack();
      continue;
    }
    const reason = await analyse(services, parsed.data);
    if (reason === null) message.ack();
    else {
      services.logger.error("analysis_failed", { mistake: parsed.data.mistakeId, attempts: message.attempts, reason });
      const delaySeconds = Math.min(FIRST_RETRY_SECONDS * 2 ** (message.attempts - 1), MOST_RETRY_SECONDS);
      message.retry({ delaySeconds });
    }
  }
}

/** null once it is done; else the reason why not. */
async function analyse(services: AppServices, request: AnalysisRequest): Promise<string | null> {
  try {
    const model = await services.models.forOwnCalls(request.projectId);
    // The setting names the default model, which a project with upstreams of its own does not ask.
    const modelName = model === services.analysis.model ? services.analysis.modelName : null;
    const dependencies = { ...services.analysis, model, modelName };
    const analysed = await analyseMistake(dependencies, request, new AbortController().signal);
    if (!analysed.ok) return analysed.error;
    await waiveReview(services, request.projectId, request.mistakeId);
    return null;
  } catch (caught) {
    return errorMessage(caught);
  }
}
