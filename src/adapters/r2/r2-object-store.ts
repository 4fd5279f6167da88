// The object store on R2.
import type { ObjectStore, StoredObject } from "../../lib/object-store.ts";

export class R2ObjectStore implements ObjectStore {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  async put(key: string, body: string | Uint8Array, contentType: string): Promise<void> {
    await this.#bucket.put(key, body, { httpMetadata: { contentType } });
  }

  async get(key: string): Promise<StoredObject | null> {
    const object = await this.#bucket.get(key);
    if (object === null) return null;
    return {
      body: object.body,
      bytes: object.size,
      contentType: object.httpMetadata?.contentType ?? null,
      version: object.etag,
    };
  }

  async getText(key: string): Promise<string | null> {
    const object = await this.#bucket.get(key);
    return object === null ? null : await object.text();
  }

  async getRange(key: string, offset: number, length: number): Promise<Uint8Array | null> {
    const object = await this.#bucket.get(key, { range: { offset, length } });
    return object === null ? null : new Uint8Array(await object.arrayBuffer());
  }

  async replace(key: string, body: Uint8Array, contentType: string, version: string): Promise<boolean> {
    const options = { httpMetadata: { contentType }, onlyIf: { etagMatches: version } };
    return (await this.#bucket.put(key, body, options)) !== null;
  }

  async list(prefix: string, limit: number, after: string | null = null): Promise<readonly string[]> {
    const { objects } = await this.#bucket.list({ prefix, limit, ...(after === null ? {} : { startAfter: after }) });
    return objects.map(({ key }) => key);
  }

  async delete(key: string): Promise<void> {
    await this.#bucket.delete(key);
  }
}
