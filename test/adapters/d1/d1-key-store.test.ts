// The key store on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { DEFAULT_PROJECT_ID } from "../../../src/access/key.ts";
import { D1KeyStore } from "../../../src/adapters/d1/d1-key-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { keyStoreContract } from "../../contract/key-store.ts";
import { InMemoryKeyStore } from "../../fakes/in-memory-key-store.ts";

const d1 = (): D1KeyStore => new D1KeyStore(openDatabase(env.DB));

keyStoreContract("D1", d1);
keyStoreContract("the in-memory fake", () => new InMemoryKeyStore());

it("has a default project from the first migration on", async () => {
  expect(await d1().findProject(DEFAULT_PROJECT_ID)).toMatchObject({ name: "default" });
});
