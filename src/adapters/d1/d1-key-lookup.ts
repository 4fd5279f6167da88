// Looks a key up at the nearest replica. Law: what a replica doesn't know is asked of the primary, since a key that was just
// made may not have reached it; only the primary can say that a key is unknown.
import type { Key } from "../../access/key.ts";
import type { KeyStore } from "../../access/key-store.ts";
import { D1KeyStore } from "./d1-key-store.ts";
import { openSession } from "./database.ts";

export class D1KeyLookup implements Pick<KeyStore, "findKeyByHash"> {
  readonly #binding: D1Database;

  constructor(binding: D1Database) {
    this.#binding = binding;
  }

  async findKeyByHash(hash: string): Promise<Key | null> {
    return (await this.#find("first-unconstrained", hash)) ?? (await this.#find("first-primary", hash));
  }

  async #find(start: string, hash: string): Promise<Key | null> {
    return await new D1KeyStore(openSession(this.#binding, start).database).findKeyByHash(hash);
  }
}
