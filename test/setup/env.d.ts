// What tests find in `env` of cloudflare:workers: the Worker's bindings and the migrations.
declare namespace Cloudflare {
  interface Env extends Readonly<import("../../src/adapters/env.ts").Env> {
    readonly TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
