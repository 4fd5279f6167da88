// The policy store on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { D1AuditStore } from "../../../src/adapters/d1/d1-audit-store.ts";
import { D1PolicyStore } from "../../../src/adapters/d1/d1-policy-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { policyStoreContract } from "../../contract/policy-store.ts";
import { InMemoryPolicyStore } from "../../fakes/in-memory-policy-store.ts";

policyStoreContract("D1", () => {
  const database = openDatabase(env.DB);
  return { policies: new D1PolicyStore(database), audit: new D1AuditStore(database) };
});

policyStoreContract("the in-memory fake", () => {
  const store = new InMemoryPolicyStore();
  return { policies: store, audit: store };
});
