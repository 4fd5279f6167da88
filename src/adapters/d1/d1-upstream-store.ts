// The upstreams of projects on D1.
import { and, asc, eq } from "drizzle-orm";
import { upstreams } from "../../db/project-tables.ts";
import type { UpstreamStore } from "../../model/upstream-store.ts";
import type { Upstream } from "../../model/upstream.ts";
import type { Database } from "./database.ts";

export class D1UpstreamStore implements UpstreamStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertUpstream(upstream: Upstream): Promise<void> {
    await this.#database.insert(upstreams).values(upstream);
  }

  async replaceUpstream({ projectId, id, createdAt: _createdAt, ...changed }: Upstream): Promise<boolean> {
    const replaced = await this.#database
      .update(upstreams)
      .set(changed)
      .where(and(eq(upstreams.projectId, projectId), eq(upstreams.id, id)))
      .returning({ id: upstreams.id });
    return replaced.length > 0;
  }

  async deleteUpstream(projectId: string, id: string): Promise<boolean> {
    const deleted = await this.#database
      .delete(upstreams)
      .where(and(eq(upstreams.projectId, projectId), eq(upstreams.id, id)))
      .returning({ id: upstreams.id });
    return deleted.length > 0;
  }

  async listUpstreams(projectId: string): Promise<readonly Upstream[]> {
    return await this.#database
      .select()
      .from(upstreams)
      .where(eq(upstreams.projectId, projectId))
      .orderBy(asc(upstreams.priority), asc(upstreams.id));
  }
}
