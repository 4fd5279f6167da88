// Upstreams in memory. Law: held to the same contract as D1 (test/contract/upstream-store.ts).
import type { UpstreamStore } from "../../src/model/upstream-store.ts";
import type { Upstream } from "../../src/model/upstream.ts";

export class InMemoryUpstreamStore implements UpstreamStore {
  readonly #upstreams = new Map<string, Upstream>();

  async insertUpstream(upstream: Upstream): Promise<void> {
    await Promise.resolve();
    if (this.#upstreams.has(upstream.id)) throw new Error("an upstream of this id exists");
    this.#upstreams.set(upstream.id, upstream);
  }

  async replaceUpstream(upstream: Upstream): Promise<boolean> {
    await Promise.resolve();
    const old = this.#upstreams.get(upstream.id);
    if (old?.projectId !== upstream.projectId) return false;
    this.#upstreams.set(upstream.id, { ...upstream, createdAt: old.createdAt });
    return true;
  }

  async deleteUpstream(projectId: string, id: string): Promise<boolean> {
    await Promise.resolve();
    return this.#upstreams.get(id)?.projectId === projectId && this.#upstreams.delete(id);
  }

  async listUpstreams(projectId: string): Promise<readonly Upstream[]> {
    await Promise.resolve();
    return [...this.#upstreams.values()]
      .filter((each) => each.projectId === projectId)
      .toSorted((left, right) => left.priority - right.priority || (left.id < right.id ? -1 : 1));
  }
}
