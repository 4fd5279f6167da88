// Signs a path until a moment, so that whoever has the address needs no key. Law: HMAC-SHA256 over purpose, path and moment; what does
// not verify says nothing about why.
import { base64url } from "./base64url.ts";
import { equalInConstantTime } from "./hash.ts";

async function signatureOf(secret: string, path: string, expiresAt: number): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const signed = await crypto.subtle.sign("HMAC", key, encoder.encode(`signed path\n${path}\n${expiresAt}`));
  return base64url(new Uint8Array(signed));
}

/** @param expiresAt seconds since the Unix epoch */
export async function signPath(secret: string, path: string, expiresAt: number): Promise<string> {
  return `${path}?expires=${expiresAt}&signature=${await signatureOf(secret, path, expiresAt)}`;
}

/** @param now seconds since the Unix epoch */
export async function isSignedPath(
  secret: string,
  path: string,
  { expires, signature }: { readonly expires: string | undefined; readonly signature: string | undefined },
  now: number,
): Promise<boolean> {
  if (!/^\d{1,12}$/.test(expires ?? "") || signature === undefined) return false;
  const isGenuine = equalInConstantTime(signature, await signatureOf(secret, path, Number(expires)));
  return isGenuine && now < Number(expires);
}
