// Keys and projects in memory. Law: held to the same contract as D1 (test/contract/key-store.ts).
import type { Key } from "../../src/access/key.ts";
import type { KeyStore, Project } from "../../src/access/key-store.ts";

export class InMemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, { readonly key: Key; readonly hash: string; revoked: boolean }>();
  readonly #projects = new Map<string, Project>();

  async insertKey(key: Key, hash: string): Promise<void> {
    await Promise.resolve();
    if ([...this.#keys.values()].some((each) => each.hash === hash)) throw new Error("a key of this hash exists");
    this.#keys.set(key.id, { key, hash, revoked: false });
  }

  async findKeyByHash(hash: string): Promise<Key | null> {
    await Promise.resolve();
    return [...this.#keys.values()].find((each) => each.hash === hash && !each.revoked)?.key ?? null;
  }

  async revokeKey(projectId: string, id: string): Promise<boolean> {
    await Promise.resolve();
    const found = this.#keys.get(id);
    if (found === undefined || found.revoked || found.key.projectId !== projectId) return false;
    found.revoked = true;
    return true;
  }

  async listKeys(projectId: string): Promise<readonly Key[]> {
    await Promise.resolve();
    return [...this.#keys.values()]
      .flatMap(({ key, revoked }) => (key.projectId === projectId && !revoked ? [key] : []))
      .toSorted((left, right) => (left.id < right.id ? 1 : -1));
  }

  async insertProject(project: Project): Promise<void> {
    await Promise.resolve();
    this.#projects.set(project.id, project);
  }

  async findProject(id: string): Promise<Project | null> {
    await Promise.resolve();
    return this.#projects.get(id) ?? null;
  }

  async listProjects(): Promise<readonly Project[]> {
    await Promise.resolve();
    return [...this.#projects.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }
}
