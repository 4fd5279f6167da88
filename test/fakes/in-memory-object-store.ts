// Objects in memory. Law: held to the same contract as R2 (test/contract/object-store.ts).
import type { ObjectStore, StoredObject } from "../../src/lib/object-store.ts";

export class InMemoryObjectStore implements ObjectStore {
  readonly #objects = new Map<string, { readonly bytes: Uint8Array; readonly contentType: string }>();
  /** while true, every call rejects */
  down = false;

  async put(key: string, body: string | Uint8Array, contentType: string): Promise<void> {
    await this.#answer();
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body.slice();
    this.#objects.set(key, { bytes, contentType });
  }

  async get(key: string): Promise<StoredObject | null> {
    await this.#answer();
    const found = this.#objects.get(key);
    if (found === undefined) return null;
    const body = new Response(found.bytes.slice()).body;
    if (body === null) throw new Error("a response without a body");
    return { body, bytes: found.bytes.byteLength, contentType: found.contentType };
  }

  async getText(key: string): Promise<string | null> {
    await this.#answer();
    const found = this.#objects.get(key);
    return found === undefined ? null : new TextDecoder().decode(found.bytes);
  }

  async list(prefix: string, limit: number, after: string | null = null): Promise<readonly string[]> {
    await this.#answer();
    return [...this.#objects.keys()]
      .filter((key) => key.startsWith(prefix) && key > (after ?? ""))
      .toSorted()
      .slice(0, limit);
  }

  async delete(key: string): Promise<void> {
    await this.#answer();
    this.#objects.delete(key);
  }

  async #answer(): Promise<void> {
    await Promise.resolve();
    if (this.down) throw new Error("the object store is down");
  }
}
