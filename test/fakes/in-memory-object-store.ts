// Objects in memory. Law: held to the same contract as R2 (test/contract/object-store.ts).
import type { ObjectStore, StoredObject } from "../../src/lib/object-store.ts";

export class InMemoryObjectStore implements ObjectStore {
  readonly #objects = new Map<string, { readonly bytes: Uint8Array; readonly contentType: string }>();
  readonly #versions = new Map<string, number>();
  #puts = 0;
  /** while true, every call rejects */
  down = false;

  async put(key: string, body: string | Uint8Array, contentType: string): Promise<void> {
    await this.#answer();
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body.slice();
    this.#objects.set(key, { bytes, contentType });
    this.#puts += 1;
    this.#versions.set(key, this.#puts);
  }

  async get(key: string): Promise<StoredObject | null> {
    await this.#answer();
    const found = this.#objects.get(key);
    if (found === undefined) return null;
    const body = new Response(found.bytes.slice()).body;
    if (body === null) throw new Error("a response without a body");
    const version = String(this.#versions.get(key));
    return { body, bytes: found.bytes.byteLength, contentType: found.contentType, version };
  }

  async getText(key: string): Promise<string | null> {
    await this.#answer();
    const found = this.#objects.get(key);
    return found === undefined ? null : new TextDecoder().decode(found.bytes);
  }

  async getRange(key: string, offset: number, length: number): Promise<Uint8Array | null> {
    await this.#answer();
    return this.#objects.get(key)?.bytes.slice(offset, offset + length) ?? null;
  }

  async replace(key: string, body: Uint8Array, contentType: string, version: string): Promise<boolean> {
    await this.#answer();
    if (String(this.#versions.get(key)) !== version) return false;
    await this.put(key, body, contentType);
    return true;
  }

  async list(prefix: string, limit: number, after: string | null = null): Promise<readonly string[]> {
    await this.#answer();
    return [...this.#objects.keys()]
      .filter((key) => key.startsWith(prefix) && (after === null || key > after))
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
