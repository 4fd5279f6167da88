// The overrule store on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { D1AuditStore } from "../../../src/adapters/d1/d1-audit-store.ts";
import { D1OverruleStore } from "../../../src/adapters/d1/d1-overrule-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { overruleStoreContract } from "../../contract/overrule-store.ts";
import { InMemoryOverruleStore } from "../../fakes/in-memory-overrule-store.ts";

const database = openDatabase(env.DB);
const audit = new D1AuditStore(database);

overruleStoreContract("D1", () => ({
  overrules: new D1OverruleStore(database),
  auditOf: async (project) => (await audit.listAudit(project, { limit: 100, cursor: null })).items,
}));

overruleStoreContract("the in-memory fake", () => {
  const overrules = new InMemoryOverruleStore();
  return {
    overrules,
    auditOf: async (project) =>
      await Promise.resolve(overrules.entries.filter(({ projectId }) => projectId === project)),
  };
});
