// Imported lines in memory. Law: held to the same contract as D1 (test/contract/import-store.ts).
import type { ClaimedLine, ImportedLine, ImportStore } from "../../src/mistake/import-store.ts";

export class InMemoryImportStore implements ImportStore {
  readonly #claims = new Map<string, ClaimedLine>();

  async known(projectId: string, hashes: readonly string[]): Promise<ReadonlyMap<string, ClaimedLine>> {
    await Promise.resolve();
    const found = new Map<string, ClaimedLine>();
    for (const hash of hashes) {
      const claim = this.#claims.get(`${projectId} ${hash}`);
      if (claim !== undefined) found.set(hash, claim);
    }
    return found;
  }

  async claim(projectId: string, lines: readonly ImportedLine[]): Promise<ReadonlyMap<string, ClaimedLine>> {
    for (const { hash, mistakeId } of lines) {
      const name = `${projectId} ${hash}`;
      if (!this.#claims.has(name)) this.#claims.set(name, { mistakeId, isStored: false });
    }
    return await this.known(
      projectId,
      lines.map(({ hash }) => hash),
    );
  }

  async markStored(projectId: string, hashes: readonly string[]): Promise<void> {
    for (const [hash, claim] of await this.known(projectId, hashes)) {
      this.#claims.set(`${projectId} ${hash}`, { ...claim, isStored: true });
    }
  }
}
