// A version for what has none of its own: a hash of its content. Law: the same content has the same version, everywhere.

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** FNV-1a, 64 bit (http://www.isthe.com/chongo/tech/comp/fnv/): tells versions apart, proves nothing. */
export function contentVersion(content: unknown): string {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(JSON.stringify(content))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return hash.toString(16).padStart(16, "0");
}
