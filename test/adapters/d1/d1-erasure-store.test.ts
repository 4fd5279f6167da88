// The erasure store on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { beforeEach } from "vitest";
import { D1ErasureStore } from "../../../src/adapters/d1/d1-erasure-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { erasureStoreContract } from "../../contract/erasure-store.ts";
import { InMemoryErasureStore } from "../../fakes/in-memory-erasure-store.ts";

// A test's leftovers are nobody's running erasures in the next one.
beforeEach(async () => {
  await env.DB.batch(["erasures", "erased_end_users"].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

erasureStoreContract("D1", () => new D1ErasureStore(openDatabase(env.DB)));
erasureStoreContract("the in-memory fake", () => new InMemoryErasureStore());
