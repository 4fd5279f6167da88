// Port: where the upstreams of projects are kept. Law: nothing crosses projects.
import type { Upstream } from "./upstream.ts";

export interface UpstreamStore {
  insertUpstream(upstream: Upstream): Promise<void>;
  /** false if the project has no upstream of this id; `createdAt` stays */
  replaceUpstream(upstream: Upstream): Promise<boolean>;
  /** false if the project has no upstream of this id */
  deleteUpstream(projectId: string, id: string): Promise<boolean>;
  /** in the order in which they are asked: by priority, then the oldest first */
  listUpstreams(projectId: string): Promise<readonly Upstream[]>;
}
