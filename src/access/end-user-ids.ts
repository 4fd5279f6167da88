// The person behind a request, as we remember him: HMAC-SHA-256 (RFC 2104) of his id under a secret that only this Worker has.
// Law: the id itself is never kept; every retained secret is asked when somebody wants to be forgotten.
import { base64url } from "../lib/base64url.ts";
import { hex } from "../lib/hash.ts";

export interface EndUserIds {
  /** Under the newest secret; null where there is no secret to make it with. */
  of(projectId: string, endUserId: string): Promise<string | null>;
  /** Under every retained secret, newest first. */
  all(projectId: string, endUserId: string): Promise<readonly string[]>;
}

interface Derived {
  readonly version: string;
  readonly key: CryptoKey;
}

const VERSION_BYTES = 4;
const PURPOSE = "setback end users";

/** HKDF (RFC 5869), since the secret may be one that serves another end too. Its version tells secrets apart, and nothing of them. */
async function derive(secret: string): Promise<Derived> {
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "HKDF", false, [
    "deriveKey",
    "deriveBits",
  ]);
  const from = (info: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(0),
    info: new TextEncoder().encode(`${PURPOSE} ${info}`),
  });
  const algorithm = { name: "HMAC", hash: "SHA-256", length: 256 };
  const key = await crypto.subtle.deriveKey(from("key"), material, algorithm, false, ["sign"]);
  const version = await crypto.subtle.deriveBits(from("version"), material, VERSION_BYTES * 8);
  return { version: hex(new Uint8Array(version)), key };
}

/** The project is part of what is signed, so that nobody is recognised across projects. */
async function sign({ version, key }: Derived, projectId: string, endUserId: string): Promise<string> {
  const text = new TextEncoder().encode(`${projectId}\u0000${endUserId}`);
  return `${version}.${base64url(new Uint8Array(await crypto.subtle.sign("HMAC", key, text)))}`;
}

export class HmacEndUserIds implements EndUserIds {
  readonly #secrets: readonly string[];
  /** made at the first use */
  #derived: Promise<readonly Derived[]> | null = null;

  /** @param secrets newest first: the first one signs, all of them are searched */
  constructor(secrets: readonly string[]) {
    this.#secrets = [...new Set(secrets)];
  }

  async of(projectId: string, endUserId: string): Promise<string | null> {
    const [current] = await this.#keys();
    return current === undefined ? null : await sign(current, projectId, endUserId);
  }

  async all(projectId: string, endUserId: string): Promise<readonly string[]> {
    const keys = await this.#keys();
    return await Promise.all(keys.map(async (key) => await sign(key, projectId, endUserId)));
  }

  async #keys(): Promise<readonly Derived[]> {
    this.#derived ??= Promise.all(this.#secrets.map(derive));
    return await this.#derived;
  }
}
