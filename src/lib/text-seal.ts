// Texts that only this Worker can read again: AES-256-GCM under a key derived from a secret (HKDF, RFC 5869).
// Law: a random IV each time (NIST SP 800-38D section 8.2.2), and a text opens only where it was sealed for.
import { base64url, fromBase64url } from "./base64url.ts";
import { hex } from "./hash.ts";
import type { RandomBytes } from "./ids.ts";

export interface SealedText {
  /** which secret it was sealed with */
  readonly keyVersion: string;
  readonly iv: string;
  readonly ciphertext: string;
}

const IV_BYTES = 12;
const VERSION_BYTES = 4;

interface Derived {
  readonly version: string;
  readonly key: CryptoKey;
}

async function derive(secret: string, purpose: string): Promise<Derived> {
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "HKDF", false, [
    "deriveKey",
    "deriveBits",
  ]);
  const from = (info: string): { name: string; hash: string; salt: Uint8Array<ArrayBuffer>; info: Uint8Array } => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(0),
    info: new TextEncoder().encode(`setback ${purpose} ${info}`),
  });
  const key = await crypto.subtle.deriveKey(from("key"), material, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const version = await crypto.subtle.deriveBits(from("version"), material, VERSION_BYTES * 8);
  return { version: hex(new Uint8Array(version)), key };
}

export class TextSeal {
  readonly #secrets: readonly string[];
  readonly #purpose: string;
  readonly #randomBytes: RandomBytes;
  /** made at the first use */
  #derived: readonly Derived[] | null = null;

  /** The first secret seals; the others only open, so that a secret can be replaced. */
  constructor(secrets: readonly string[], purpose: string, randomBytes: RandomBytes) {
    this.#secrets = secrets;
    this.#purpose = purpose;
    this.#randomBytes = randomBytes;
  }

  /** null without any secret. `place` says whose text it is, and is needed again to open it. */
  async seal(text: string, place: string): Promise<SealedText | null> {
    const [current] = await this.#keys();
    if (current === undefined) return null;
    const iv = new Uint8Array(this.#randomBytes(IV_BYTES));
    const additionalData = new TextEncoder().encode(place);
    const bytes = new TextEncoder().encode(text);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, current.key, bytes);
    return { keyVersion: current.version, iv: base64url(iv), ciphertext: base64url(new Uint8Array(sealed)) };
  }

  /** null where the secret is another, the place is, or the text was changed. */
  async open({ keyVersion, iv, ciphertext }: SealedText, place: string): Promise<string | null> {
    const found = (await this.#keys()).find(({ version }) => version === keyVersion);
    if (found === undefined) return null;
    const additionalData = new TextEncoder().encode(place);
    try {
      const algorithm = { name: "AES-GCM", iv: fromBase64url(iv), additionalData };
      return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, found.key, fromBase64url(ciphertext)));
    } catch {
      return null;
    }
  }

  async #keys(): Promise<readonly Derived[]> {
    this.#derived ??= await Promise.all(this.#secrets.map(async (secret) => await derive(secret, this.#purpose)));
    return this.#derived;
  }
}
