// Induction runs as Workflow instances, named after the run so that one run is made once.
import type { InductionStarts } from "../../mistake/induction-starts.ts";

interface InductionParameters {
  readonly projectId: string;
  readonly runId: string;
}

export class WorkflowInductionStarts implements InductionStarts {
  readonly #workflow: Workflow<InductionParameters>;

  constructor(workflow: Workflow<InductionParameters>) {
    this.#workflow = workflow;
  }

  async start(projectId: string, runId: string): Promise<void> {
    await this.#workflow.create({ id: runId, params: { projectId, runId } });
  }
}
