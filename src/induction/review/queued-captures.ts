// Stores captured mistakes, and puts them into the review queue as each project's policy says. Law: one statement a batch, whatever
// it holds, in the transaction that stores it; a policy that can't be read stops nobody's mistake from being stored: then the gateway's own rules hold.
import type { Captured, MistakeStore } from "../../mistake/mistake-store.ts";
import { queueEntriesOf } from "../../mistake/review-rules.ts";
import type { ReviewPolicy } from "../../policy/review-policy.ts";
import { projectPolicy, type ProjectPolicyDependencies } from "./project-review-policy.ts";

export interface QueuedCapturesDependencies extends ProjectPolicyDependencies {
  readonly mistakes: Pick<MistakeStore, "insertCaptured">;
}

export class QueuedCaptures implements Pick<MistakeStore, "insertCaptured"> {
  readonly #dependencies: QueuedCapturesDependencies;

  constructor(dependencies: QueuedCapturesDependencies) {
    this.#dependencies = dependencies;
  }

  /** Safe to repeat: the queue holds a mistake once, and takes none that is decided. */
  async insertCaptured(captured: readonly Captured[]): Promise<void> {
    const captures = captured.flatMap((item) => (item.type === "mistake" ? [item.mistake] : []));
    const policies = new Map<string, ReviewPolicy>();
    for (const projectId of new Set(captures.map((mistake) => mistake.projectId))) {
      policies.set(projectId, await this.#policyOf(projectId));
    }
    const entries = captures.flatMap((mistake) => {
      const policy = policies.get(mistake.projectId);
      return policy === undefined ? [] : queueEntriesOf(policy, mistake);
    });
    await this.#dependencies.mistakes.insertCaptured(captured, entries);
  }

  async #policyOf(projectId: string): Promise<ReviewPolicy> {
    const read = await projectPolicy(this.#dependencies, projectId);
    return (read.ok ? read.value : this.#dependencies.completion).policy.review;
  }
}
