// The credentials of upstreams: where they are read from, and what can't be.
import { describe, expect, it } from "vitest";
import { TextSeal } from "../../src/lib/text-seal.ts";
import { UpstreamCredentialBook } from "../../src/model/upstream-credentials.ts";
import type { UpstreamCredentials } from "../../src/model/upstream.ts";
import { unwrap } from "../../src/problem.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const SECRETS: Readonly<Record<string, string>> = {
  SETBACK_UPSTREAM_KEY_ONE: "the key of one",
  SETBACK_ADMIN_KEY: "the operator's own key",
};
const OWNER = { projectId: "prj_1", id: "ups_1" };

function bookOf(...secrets: string[]): UpstreamCredentialBook {
  return new UpstreamCredentialBook(new TextSeal(secrets, "test", random), (name) => SECRETS[name] ?? null);
}

const book = bookOf("an encryption key of a test");

describe("UpstreamCredentialBook", () => {
  it("reads none, a secret, and what it sealed", async () => {
    expect(await book.read({ ...OWNER, credentials: null })).toEqual({ ok: true, value: null });
    const secret: UpstreamCredentials = { kind: "secret", name: "SETBACK_UPSTREAM_KEY_ONE" };
    expect(await book.read({ ...OWNER, credentials: secret })).toEqual({ ok: true, value: "the key of one" });
    const credentials = unwrap(await book.sealed("sk-of-a-shop", OWNER));
    expect(JSON.stringify(credentials)).not.toContain("sk-of-a-shop");
    expect(await book.read({ ...OWNER, credentials })).toEqual({ ok: true, value: "sk-of-a-shop" });
  });

  it.each(["SETBACK_ADMIN_KEY", "SETBACK_UPSTREAM_KEY", "SETBACK_UPSTREAM_KEY_", "SETBACK_UPSTREAM_KEY_TWO", ""])(
    "does not read %j, and tells clients no name",
    async (name) => {
      const read = await book.read({ ...OWNER, credentials: { kind: "secret", name } });
      expect(read).toMatchObject({ ok: false, error: { status: 503, code: "upstream_credentials_unreadable" } });
      if (!read.ok && name !== "") expect(read.error.message).not.toContain(name);
    },
  );

  it("opens a credential for its own upstream of its own project alone", async () => {
    const credentials = unwrap(await book.sealed("sk-of-a-shop", OWNER));
    for (const other of [
      { projectId: "prj_2", id: "ups_1" },
      { projectId: "prj_1", id: "ups_2" },
    ]) {
      expect((await book.read({ ...other, credentials })).ok).toBe(false);
    }
    expect((await bookOf("another encryption key").read({ ...OWNER, credentials })).ok).toBe(false);
  });

  it("says what to set where nothing can be sealed", async () => {
    const sealed = await bookOf().sealed("sk-of-a-shop", OWNER);
    expect(sealed).toMatchObject({ ok: false, error: { status: 400, code: "encryption_key_missing", param: "key" } });
    if (!sealed.ok) expect(sealed.error.message).toContain("SETBACK_ENCRYPTION_KEY");
  });
});
