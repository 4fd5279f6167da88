// The Worker's entry points: requests, queues, cron, and the Workflows. Law: nothing but wiring.
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import type { Env } from "./adapters/env.ts";
import { createApp } from "./app.ts";
import { failRelease, makeRelease, type RunStep } from "./finetuning/make-release.ts";
import { consumeAnalyses } from "./jobs/analysis-consumer.ts";
import { consumeCaptured } from "./jobs/capture-consumer.ts";
import { consumeDeadLetters } from "./jobs/dead-letters.ts";
import { endInduction, inductionStep, planInductionSteps } from "./jobs/induction-steps.ts";
import { tick } from "./jobs/tick.ts";
import { consumeUsage } from "./jobs/usage-consumer.ts";
import type { AppServices } from "./middleware/app-services.ts";
import { createServices } from "./services.ts";

/** One entry an isolate: its environment never changes. */
const perIsolate = new WeakMap<Env, AppServices>();

function servicesOf(env: Env): AppServices {
  const known = perIsolate.get(env);
  if (known !== undefined) return known;
  const services = createServices(env);
  perIsolate.set(env, services);
  return services;
}

const app = createApp(servicesOf);

export default {
  fetch: app.fetch,

  async queue(batch, env) {
    const services = servicesOf(env);
    if (batch.queue.endsWith("-dead-letters")) await consumeDeadLetters(services, batch);
    else if (batch.queue.endsWith("-analyses")) await consumeAnalyses(services, batch);
    else if (batch.queue.endsWith("-usage")) await consumeUsage(services, batch);
    else await consumeCaptured(services, batch);
  },

  async scheduled(_controller, env) {
    await tick(servicesOf(env));
  },
} satisfies ExportedHandler<Env>;

interface ReleaseParameters {
  readonly projectId: string;
  readonly releaseId: string;
}

export class ReleaseWorkflow extends WorkflowEntrypoint<Env, ReleaseParameters> {
  override async run({ payload }: WorkflowEvent<ReleaseParameters>, step: WorkflowStep): Promise<void> {
    const { releaseMaking } = servicesOf(this.env);
    const { projectId, releaseId } = payload;
    const runStep: RunStep = async (name, run) => await step.do(name, run);
    try {
      await makeRelease(releaseMaking, projectId, releaseId, runStep);
    } catch {
      const release = { projectId, id: releaseId };
      await failRelease(
        releaseMaking,
        release,
        "its building failed; see the logs",
        async (name, run) => await step.do(`after a failure: ${name}`, run),
      );
    }
  }
}

interface InductionParameters {
  readonly projectId: string;
  readonly runId: string;
}

export class InductionWorkflow extends WorkflowEntrypoint<Env, InductionParameters> {
  override async run({ payload }: WorkflowEvent<InductionParameters>, step: WorkflowStep): Promise<void> {
    const services = servicesOf(this.env);
    const { projectId, runId } = payload;
    try {
      const plan = await step.do("plan the steps", async () => await planInductionSteps(services, projectId, runId));
      for (let start = 0; start < plan.attempts; start += plan.aStep) {
        const goesOn = await step.do(
          `attempts from ${start}`,
          async () => await inductionStep(services, payload, start, plan.aStep),
        );
        if (!goesOn) break;
      }
      await step.do("end", async () => {
        await endInduction(services, payload, { status: "finished", failure: null });
      });
    } catch {
      await step.do("record the failure", async () => {
        await endInduction(services, payload, { status: "failed", failure: "its steps failed; see the logs" });
      });
    }
  }
}
