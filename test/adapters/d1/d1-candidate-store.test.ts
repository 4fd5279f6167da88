// Candidates on D1.
import { env } from "cloudflare:workers";
import { D1AuditStore } from "../../../src/adapters/d1/d1-audit-store.ts";
import { D1CandidateStore } from "../../../src/adapters/d1/d1-candidate-store.ts";
import { D1UsageStore } from "../../../src/adapters/d1/d1-usage-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { candidateStoreContract } from "../../contract/candidate-store.ts";

const database = openDatabase(env.DB);

candidateStoreContract("D1", {
  store: new D1CandidateStore(database),
  events: async (projectId) => {
    const { items } = await new D1AuditStore(database).listAudit(projectId, { limit: 50, cursor: null });
    return items.map(({ event }) => event);
  },
  add: async (batches) => {
    await new D1UsageStore(database).add(batches);
  },
});
