// Keys and projects on D1.
import { and, asc, desc, eq, isNull } from "drizzle-orm";
import type { Key } from "../../access/key.ts";
import type { KeyLimits } from "../../access/key-limits.ts";
import type { KeyStore, Project } from "../../access/key-store.ts";
import { keys, projects } from "../../db/project-tables.ts";
import type { Database } from "./database.ts";

const keyColumns = {
  id: keys.id,
  projectId: keys.projectId,
  name: keys.name,
  scopes: keys.scopes,
  createdAt: keys.createdAt,
  requestsPerMinute: keys.requestsPerMinute,
  tokensPerDay: keys.tokensPerDay,
  microDollarsPerDay: keys.microDollarsPerDay,
  consent: keys.consent,
};

type KeyRow = Omit<Key, "limits"> & KeyLimits;

function rowToKey({ requestsPerMinute, tokensPerDay, microDollarsPerDay, ...key }: KeyRow): Key {
  return { ...key, limits: { requestsPerMinute, tokensPerDay, microDollarsPerDay } };
}

export class D1KeyStore implements KeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertKey({ limits, ...key }: Key, hash: string): Promise<void> {
    await this.#database.insert(keys).values({ ...key, ...limits, hash });
  }

  async findKeyByHash(hash: string): Promise<Key | null> {
    const found = await this.#database
      .select(keyColumns)
      .from(keys)
      .where(and(eq(keys.hash, hash), isNull(keys.revokedAt)));
    return found[0] === undefined ? null : rowToKey(found[0]);
  }

  async revokeKey(projectId: string, id: string, now: number): Promise<boolean> {
    const revoked = await this.#database
      .update(keys)
      .set({ revokedAt: now })
      .where(and(eq(keys.projectId, projectId), eq(keys.id, id), isNull(keys.revokedAt)))
      .returning({ id: keys.id });
    return revoked.length > 0;
  }

  async listKeys(projectId: string): Promise<readonly Key[]> {
    const found = await this.#database
      .select(keyColumns)
      .from(keys)
      .where(and(eq(keys.projectId, projectId), isNull(keys.revokedAt)))
      .orderBy(desc(keys.id));
    return found.map(rowToKey);
  }

  async insertProject(project: Project): Promise<void> {
    await this.#database.insert(projects).values(project);
  }

  async findProject(id: string): Promise<Project | null> {
    const found = await this.#database.select().from(projects).where(eq(projects.id, id));
    return found[0] ?? null;
  }

  async listProjects(): Promise<readonly Project[]> {
    return await this.#database.select().from(projects).orderBy(asc(projects.id));
  }
}
