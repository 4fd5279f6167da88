// Release builds as Workflow instances, named after the release so that one release is built once.
import type { ReleaseBuilds } from "../../release/release-builds.ts";

export class WorkflowReleaseBuilds implements ReleaseBuilds {
  readonly #workflow: Workflow<{ readonly projectId: string; readonly releaseId: string }>;

  constructor(workflow: Workflow<{ readonly projectId: string; readonly releaseId: string }>) {
    this.#workflow = workflow;
  }

  async start(projectId: string, releaseId: string): Promise<void> {
    await this.#workflow.create({ id: releaseId, params: { projectId, releaseId } });
  }
}
