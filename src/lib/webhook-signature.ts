// Signs requests as Standard Webhooks does (github.com/standard-webhooks/standard-webhooks, spec 1.0.0, «Signature scheme»).
// Law: HMAC-SHA256 over `id.timestamp.body`; what is signed is what is sent, byte for byte.
import type { Clock } from "./clock.ts";

/** «base64 encoded, prefixed with whsec_»; anything else is taken as it is, in UTF-8. */
const PREFIX = "whsec_";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export interface SignedMessage {
  /** the same for every attempt */
  readonly id: string;
  readonly body: string;
}

function bytesOf(secret: string): Uint8Array<ArrayBuffer> {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : "";
  // Only whole groups of four decode.
  if (!BASE64.test(encoded) || encoded.length % 4 !== 0) return new Uint8Array(new TextEncoder().encode(secret));
  return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
}

/** The three headers of one attempt. */
export async function webhookHeaders(
  { id, body }: SignedMessage,
  secret: string,
  clock: Clock,
): Promise<Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>>> {
  const timestamp = String(Math.floor(clock() / 1000));
  const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
  const key = await crypto.subtle.importKey("raw", bytesOf(secret), algorithm, false, ["sign"]);
  const signed = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  const signature = btoa(String.fromCharCode(...new Uint8Array(signed)));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
