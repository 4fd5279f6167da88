// Turns the text of a key into the key. Law: looked up by hash, compared in constant time, remembered 30 s at most.
import type { Clock } from "../lib/clock.ts";
import { ExpiringCache } from "../lib/expiring-cache.ts";
import { equalInConstantTime, sha256 } from "../lib/hash.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Problem } from "../problem.ts";
import { DEFAULT_PROJECT_ID, type Key } from "./key.ts";
import { NO_LIMITS } from "./key-limits.ts";
import type { KeyStore } from "./key-store.ts";

/** With the few seconds that a replica may lag behind, a revoked key ends within 30 s. */
const KNOWN_MILLISECONDS = 25_000;
const UNKNOWN_MILLISECONDS = 5_000;
const KNOWN_CAPACITY = 10_000;
/** Kept apart, so that a flood of invented keys can't push real ones out. */
const UNKNOWN_CAPACITY = 1_000;
/** Texts of keys that were let in, with their hashes: hashing one anew takes longer than everything else here. */
const HASHES_CAPACITY = 1_000;

/** The operator's own key, from the secret SETBACK_ADMIN_KEY. It alone makes projects. */
export const ROOT_KEY: Key = {
  id: "key_root",
  projectId: DEFAULT_PROJECT_ID,
  name: "SETBACK_ADMIN_KEY",
  scopes: ["admin"],
  limits: NO_LIMITS,
  consent: null,
  createdAt: 0,
};

function unauthenticated(message: string, code: string): Problem {
  return {
    status: 401,
    type: "authentication_error",
    code,
    message,
    param: null,
    headers: { "www-authenticate": "Bearer" },
  };
}

const keysUnavailable: Problem = {
  status: 503,
  type: "server_error",
  code: "keys_unavailable",
  message: "Keys can't be looked up right now. Try again in a moment.",
  param: null,
};

export class KeyRing {
  readonly #store: Pick<KeyStore, "findKeyByHash">;
  readonly #rootHash: Promise<string> | null;
  readonly #known: ExpiringCache<Key>;
  readonly #unknown: ExpiringCache<true>;
  /** no verdict, only a short way to the hash; texts that opened nothing are not kept */
  readonly #hashes: ExpiringCache<string>;

  constructor(store: Pick<KeyStore, "findKeyByHash">, rootKey: string | null, clock: Clock) {
    this.#store = store;
    this.#rootHash = rootKey === null ? null : sha256(rootKey);
    this.#known = new ExpiringCache(KNOWN_CAPACITY, clock);
    this.#unknown = new ExpiringCache(UNKNOWN_CAPACITY, clock);
    this.#hashes = new ExpiringCache(HASHES_CAPACITY, clock);
  }

  /** `authorization` is the header's value, or null if there is none. */
  async authenticate(authorization: string | null): Promise<Result<Key, Problem>> {
    const token = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1];
    if (token === undefined) {
      return err(unauthenticated("Send a key in the header «Authorization: Bearer KEY».", "missing_key"));
    }
    const hash = this.#hashes.get(token) ?? (await sha256(token));
    if (this.#rootHash !== null && equalInConstantTime(hash, await this.#rootHash)) return ok(ROOT_KEY);
    const known = this.#known.get(hash);
    if (known !== undefined) return ok(known);
    const invalid = unauthenticated("This key is unknown or revoked.", "invalid_key");
    if (this.#unknown.get(hash) === true) return err(invalid);
    let found: Key | null;
    try {
      found = await this.#store.findKeyByHash(hash);
    } catch (cause) {
      return err({ ...keysUnavailable, cause });
    }
    if (found === null) {
      this.#unknown.set(hash, true, UNKNOWN_MILLISECONDS);
      return err(invalid);
    }
    this.#known.set(hash, found, KNOWN_MILLISECONDS);
    this.#hashes.set(token, hash, KNOWN_MILLISECONDS);
    return ok(found);
  }

  /** At once in this isolate; elsewhere within 30 s. */
  forget(id: string): void {
    this.#known.deleteWhere((key) => key.id === id);
  }
}
