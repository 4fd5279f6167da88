// Port: immutable-by-convention objects under string keys (R2 in production).

export interface StoredObject {
  readonly body: ReadableStream;
  readonly bytes: number;
  readonly contentType: string | null;
  /** changes with every put */
  readonly version: string;
}

export interface ObjectStore {
  put(key: string, body: string | Uint8Array, contentType: string): Promise<void>;
  get(key: string): Promise<StoredObject | null>;
  getText(key: string): Promise<string | null>;
  /** `length` bytes from `offset` on */
  getRange(key: string, offset: number, length: number): Promise<Uint8Array | null>;
  /** Puts only while the object is still of this version; whether it was. */
  replace(key: string, body: Uint8Array, contentType: string, version: string): Promise<boolean>;
  /** up to `limit` keys under a prefix, in key order, behind the key `after` */
  list(prefix: string, limit: number, after?: string | null): Promise<readonly string[]>;
  delete(key: string): Promise<void>;
}
