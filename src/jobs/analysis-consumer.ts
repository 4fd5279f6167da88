// Consumes the analysis queue: one guided analysis a message. Law: a failure is retried with a growing delay, then dead-lettered.
import { analyseMistake, type AnalysisDependencies } from "../analysis/analyse-mistake.ts";
import { waiveReview } from "../induction/review/waive-review.ts";
import { projectPolicy } from "../induction/review/project-review-policy.ts";
import { errorMessage } from "../lib/error-message.ts";
import { type AnalysisRequest, analysisRequestSchema } from "../mistake/analysis-queue.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { unwrap } from "../problem.ts";
import { keepUnreadable } from "./dead-letters.ts";
import { retryLater, type QueueBatch } from "./queue-message.ts";

export async function consumeAnalyses(services: AppServices, batch: QueueBatch): Promise<void> {
  for (const message of batch.messages) {
    const parsed = analysisRequestSchema.safeParse(message.body);
    if (!parsed.success) {
      await keepUnreadable(services, batch.queue, message);
      continue;
    }
    const reason = await analyse(services, parsed.data);
    if (reason === null) message.ack();
    else {
      services.logger.error("analysis_failed", { mistake: parsed.data.mistakeId, attempts: message.attempts, reason });
      retryLater(message);
    }
  }
}

type Analyst = Pick<AnalysisDependencies, "model" | "modelName" | "guardrails" | "attempts">;

/** Throws where the policy can't be read, or names an upstream that is gone: no other model takes its place. */
async function analystOf(services: AppServices, projectId: string): Promise<Analyst> {
  const { policy, guardrails } = unwrap(await projectPolicy(services, projectId));
  const { upstream, model: modelName, attempts } = policy.analysis;
  const shared = { attempts, guardrails: guardrails.fast };
  if (upstream !== null) {
    const named = await services.models.guardrailUpstream(projectId, upstream);
    if (named === null) throw new Error(`there is no upstream "${upstream}" of purpose "guardrail"`);
    return { ...shared, model: named.chat, modelName };
  }
  const model = await services.models.forOwnCalls(projectId);
  // The setting names the default model, which a project with upstreams of its own does not ask.
  const deployed = model === services.analysis.model ? services.analysis.modelName : null;
  return { ...shared, model, modelName: modelName ?? deployed };
}

/** null once it is done; else the reason why not. */
async function analyse(services: AppServices, request: AnalysisRequest): Promise<string | null> {
  try {
    const dependencies = { ...services.analysis, ...(await analystOf(services, request.projectId)) };
    const analysed = await analyseMistake(dependencies, request, new AbortController().signal);
    if (!analysed.ok) return analysed.error;
    await waiveReview(services, request.projectId, request.mistakeId);
    return null;
  } catch (caught) {
    return errorMessage(caught);
  }
}
