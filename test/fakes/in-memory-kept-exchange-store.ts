// Kept exchanges in memory, over what the fake of mistakes has taken in. Law: held to the same contract as D1.
import { storedExchangeSchema } from "../../src/mistake/captured-schema.ts";
import type { ObjectStore } from "../../src/lib/object-store.ts";
import type { ExpiredKept, KeptExchangeStore, KeptName } from "../../src/mistake/kept-exchange-store.ts";
import type { KeptExchange, KeptState } from "../../src/mistake/kept-exchange.ts";
import type { CapturedExchange } from "../fixtures/records.ts";

export class InMemoryKeptExchangeStore implements KeptExchangeStore {
  readonly #exchanges: Map<string, CapturedExchange>;
  readonly #objects: Pick<ObjectStore, "getText">;

  constructor(exchanges: Map<string, CapturedExchange>, objects: Pick<ObjectStore, "getText">) {
    this.#exchanges = exchanges;
    this.#objects = objects;
  }

  async findKept(projectId: string, { completionId, choice }: KeptName, now: number): Promise<KeptExchange | null> {
    const named = this.#own(projectId).filter(
      ({ kept }) =>
        kept.provenance.completionId === completionId &&
        kept.choice === choice &&
        (kept.expiresAt === null || kept.expiresAt > now),
    );
    const newest = named.toSorted((left, right) => (left.kept.id < right.kept.id ? 1 : -1))[0];
    return newest === undefined ? null : await this.#whole(newest);
  }

  async getKept(projectId: string, id: string): Promise<KeptExchange | null> {
    const found = this.#own(projectId).find(({ kept }) => kept.id === id);
    return found === undefined ? null : await this.#whole(found);
  }

  async mark(projectId: string, id: string, state: KeptState, expiresAt: number | null): Promise<void> {
    await Promise.resolve();
    const found = this.#own(projectId).find(({ kept }) => kept.id === id);
    if (found !== undefined) this.#exchanges.set(id, { ...found, kept: { ...found.kept, state, expiresAt } });
  }

  async listExpiredKept(now: number, limit: number): Promise<readonly ExpiredKept[]> {
    await Promise.resolve();
    return [...this.#exchanges.values()]
      .filter(({ kept }) => kept.expiresAt !== null && kept.expiresAt <= now)
      .toSorted((left, right) => (left.kept.expiresAt ?? 0) - (right.kept.expiresAt ?? 0))
      .slice(0, limit)
      .map(({ kept, exchange }) => ({
        id: kept.id,
        objectKey: "objectKey" in exchange ? exchange.objectKey : null,
      }));
  }

  async deleteExpiredKept(ids: readonly string[], now: number): Promise<void> {
    await Promise.resolve();
    for (const id of ids) {
      const expiresAt = this.#exchanges.get(id)?.kept.expiresAt ?? null;
      if (expiresAt !== null && expiresAt <= now) this.#exchanges.delete(id);
    }
  }

  #own(projectId: string): readonly CapturedExchange[] {
    return [...this.#exchanges.values()].filter(({ kept }) => kept.projectId === projectId);
  }

  async #whole({ kept, exchange }: CapturedExchange): Promise<KeptExchange | null> {
    if ("inline" in exchange) return { ...kept, exchange: exchange.inline };
    const text = await this.#objects.getText(exchange.objectKey);
    return text === null ? null : { ...kept, exchange: storedExchangeSchema.parse(JSON.parse(text)) };
  }
}
