// Makes a key: 256 random bits, shown once, kept as its SHA-256.
import { base64url } from "../lib/base64url.ts";
import type { Clock } from "../lib/clock.ts";
import { sha256 } from "../lib/hash.ts";
import type { MakeId, RandomBytes } from "../lib/ids.ts";
import type { Key } from "./key.ts";
import type { KeyStore } from "./key-store.ts";

const KEY_BYTES = 32;
/** A prefix by which secret scanners can find a leaked key. */
const KEY_PREFIX = "sbk_";

export interface MakeKeyDependencies {
  readonly keys: Pick<KeyStore, "insertKey">;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly randomBytes: RandomBytes;
}

/** The key, and its text this once. */
export async function makeKey(
  { keys, clock, makeId, randomBytes }: MakeKeyDependencies,
  request: Pick<Key, "projectId" | "name" | "scopes" | "limits" | "consent">,
): Promise<{ readonly key: Key; readonly text: string }> {
  const text = `${KEY_PREFIX}${base64url(randomBytes(KEY_BYTES))}`;
  const key: Key = { ...request, id: makeId("key"), createdAt: clock() };
  await keys.insertKey(key, await sha256(text));
  return { key, text };
}
