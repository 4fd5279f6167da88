// What tests find in `env` of cloudflare:workers: the Worker's bindings and the migrations.
import type { D1Migration } from "cloudflare:test";
import type { Env as WorkerEnv } from "../../src/adapters/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {
      readonly TEST_MIGRATIONS: D1Migration[];
      /** which part of Setback is switched off for this run: see test/setup/mutation.ts */
      readonly TEST_MUTATION: string;
    }
  }
}
