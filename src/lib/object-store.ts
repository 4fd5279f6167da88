// Port: immutable-by-convention objects under string keys (R2 in production).

export interface StoredObject {
  readonly body: ReadableStream;
  readonly bytes: number;
  readonly contentType: string | null;
}

export interface ObjectStore {
  put(key: string, body: string | Uint8Array, contentType: string): Promise<void>;
  get(key: string): Promise<StoredObject | null>;
  getText(key: string): Promise<string | null>;
  /** up to `limit` keys under a prefix, in key order, behind the key `after` */
  list(prefix: string, limit: number, after?: string | null): Promise<readonly string[]>;
  delete(key: string): Promise<void>;
}
