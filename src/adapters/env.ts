// The Worker's bindings. Law: Env is known only to adapters and to the entry points.

export interface Env {
  readonly DB: D1Database;
  readonly OBJECTS: R2Bucket;
  readonly CAPTURE_QUEUE: Queue;
  readonly ANALYSIS_QUEUE: Queue;
  readonly RELEASE_WORKFLOW: Workflow<{ readonly projectId: string; readonly releaseId: string }>;
  /** Workers AI: in production only, see wrangler.toml */
  readonly AI?: Ai;
  /** every other binding is a setting, read by config.ts */
  readonly [setting: `SETBACK_${string}`]: string | undefined;
}
