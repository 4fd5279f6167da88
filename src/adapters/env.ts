// The Worker's bindings. Law: Env is known only to adapters and to the entry points.

export interface Env {
  readonly DB: D1Database;
}
