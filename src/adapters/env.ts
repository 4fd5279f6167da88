// The Worker's bindings. Law: Env is known only to adapters and to the entry points.

export interface Env {
  readonly DB: D1Database;
  readonly OBJECTS: R2Bucket;
  readonly CAPTURE_QUEUE: Queue;
  readonly ANALYSIS_QUEUE: Queue;
  readonly USAGE_QUEUE: Queue;
  /** one for each request rate of wire/key-limits.ts */
  readonly RATE_LIMIT_10?: RateLimit;
  readonly RATE_LIMIT_30?: RateLimit;
  readonly RATE_LIMIT_100?: RateLimit;
  readonly RATE_LIMIT_300?: RateLimit;
  readonly RATE_LIMIT_1000?: RateLimit;
  readonly RATE_LIMIT_3000?: RateLimit;
  /** an optional export of usage */
  readonly ANALYTICS?: AnalyticsEngineDataset;
  readonly RELEASE_WORKFLOW: Workflow<{ readonly projectId: string; readonly releaseId: string }>;
  readonly INDUCTION_WORKFLOW: Workflow<{ readonly projectId: string; readonly runId: string }>;
  /** Workers AI: in production only, see wrangler.toml */
  readonly AI?: Ai;
  /** every other binding is a setting, read by config.ts */
  readonly [setting: `SETBACK_${string}`]: string | undefined;
}
