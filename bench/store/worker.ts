// The gateway itself, and two doors that only the benchmark has: one batch of retention, and one of the archive, at a chosen time.
import { D1RetentionStore } from "../../src/adapters/d1/d1-retention-store.ts";
import { openDatabase } from "../../src/adapters/d1/database.ts";
import type { Env } from "../../src/adapters/env.ts";
import gateway, { InductionWorkflow, ReleaseWorkflow } from "../../src/index.ts";

export { InductionWorkflow, ReleaseWorkflow };

const BATCH = 200;

async function retain(env: Env, before: number): Promise<number> {
  const retention = new D1RetentionStore(openDatabase(env.DB));
  const expired = await retention.listExpired("prj_default", before, BATCH);
  await retention.deleteExpired("prj_default", expired);
  return expired.length;
}

export default {
  ...gateway,
  async fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    const before = Number(searchParams.get("before"));
    if (pathname === "/bench/retention") return Response.json(await retain(env, before));
    return await gateway.fetch(request, env, context);
  },
} satisfies ExportedHandler<Env>;
