// Port: where keys and projects are kept.
import type { Key } from "./key.ts";

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface KeyStore {
  insertKey(key: Key, hash: string): Promise<void>;
  /** a key that is not revoked, by the SHA-256 of its text */
  findKeyByHash(hash: string): Promise<Key | null>;
  /** false if the project has no such key, or it is revoked already */
  revokeKey(projectId: string, id: string, now: number): Promise<boolean>;
  /** newest first */
  listKeys(projectId: string): Promise<readonly Key[]>;
  insertProject(project: Project): Promise<void>;
  findProject(id: string): Promise<Project | null>;
  listProjects(): Promise<readonly Project[]>;
}
