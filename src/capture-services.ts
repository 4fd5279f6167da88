// Where adapters meet the ports of the mistake store: capture and its sinks, what the consumer does with what was captured, review,
// feedback, archive. Law: whoever stores a captured thing, the consumer, a sink or a replay, stores it through `storing`.
import type { UsageMeter } from "./access/usage-meter.ts";
import { D1ArchiveStore } from "./adapters/d1/d1-archive-store.ts";
import { D1ClusterStore } from "./adapters/d1/d1-cluster-store.ts";
import { D1FeedbackStore } from "./adapters/d1/d1-feedback-store.ts";
import { D1ImportStore } from "./adapters/d1/d1-import-store.ts";
import { D1KeptExchangeStore } from "./adapters/d1/d1-kept-exchange-store.ts";
import { D1MistakeStore } from "./adapters/d1/d1-mistake-store.ts";
import { D1RetentionStore } from "./adapters/d1/d1-retention-store.ts";
import { D1ReviewQueue } from "./adapters/d1/d1-review-queue.ts";
import { D1ReviewStore } from "./adapters/d1/d1-review-store.ts";
import { D1StorageGauge } from "./adapters/d1/d1-storage-gauge.ts";
import type { Database } from "./adapters/d1/database.ts";
import type { Env } from "./adapters/env.ts";
import { QueueAnalysisQueue } from "./adapters/queue/queue-analysis-queue.ts";
import { QueueCaptureSink } from "./adapters/queue/queue-capture-sink.ts";
import type { Settings } from "./config.ts";
import type { CompiledPolicy } from "./guardrail/compiled-policy.ts";
import type { StoredPolicyDirectory } from "./guardrail/stored-policy-directory.ts";
import { CaptureToSinks } from "./induction/capture-to-sinks.ts";
import { ClusteredCaptures } from "./induction/clustered-captures.ts";
import { ObjectCaptureSink } from "./induction/object-capture-sink.ts";
import { OpenAnalyses } from "./induction/open-analyses.ts";
import { QueuedCaptures } from "./induction/review/queued-captures.ts";
import { SparingStore } from "./induction/sparing-store.ts";
import { StoreCaptureSink } from "./induction/store-captured.ts";
import type { Background } from "./lib/background.ts";
import type { Clock } from "./lib/clock.ts";
import type { MakeId } from "./lib/ids.ts";
import type { Logger } from "./lib/logger.ts";
import type { ObjectStore } from "./lib/object-store.ts";
import type { AppServices } from "./middleware/app-services.ts";
import type { AnalysisQueue } from "./mistake/analysis-queue.ts";
import type { CaptureSink } from "./mistake/capture-sink.ts";
import type { Capture } from "./mistake/capture.ts";

export interface CaptureNeeds {
  readonly settings: Pick<Settings, "databaseBytesLimit" | "archiveAfterDays">;
  /** of projects without a policy of their own */
  readonly compiled: CompiledPolicy;
  readonly policyDirectory: Pick<StoredPolicyDirectory, "forKey">;
  readonly objects: ObjectStore;
  readonly meter: Pick<UsageMeter, "count">;
  readonly background: Background;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
}

type CaptureServices = Pick<
  AppServices,
  | ("mistakes" | "clusters" | "reviewQueue" | "reviews" | "retention" | "storing" | "captureTo")
  | ("feedback" | "imports" | "keptExchanges" | "gauge" | "archiving")
> & {
  readonly capture: Capture;
  /** asks for every analysis, also of what waits in quarantine */
  readonly analysisQueue: AnalysisQueue;
};

const SINK_TIMEOUT_MILLISECONDS = 10_000;

export function captureServices(
  env: Pick<Env, "DB" | "CAPTURE_QUEUE" | "ANALYSIS_QUEUE">,
  database: Database,
  { settings, compiled, policyDirectory, objects, meter, background, clock, makeId, logger }: CaptureNeeds,
): CaptureServices {
  const mistakes = new D1MistakeStore(database, objects);
  const clusters = new D1ClusterStore(database);
  const reviewQueue = new D1ReviewQueue(database);
  const gauge = new D1StorageGauge(env.DB, settings.databaseBytesLimit, clock);
  const analysisQueue = new QueueAnalysisQueue(env.ANALYSIS_QUEUE);
  const { poisoning } = compiled.policy;
  const sparing = new SparingStore({ mistakes, objects, gauge, logger });
  const clustered = new ClusteredCaptures({ mistakes: sparing, clusters, objects, policyDirectory, poisoning, logger });
  const storing = {
    mistakes: new QueuedCaptures({ mistakes: clustered, policyDirectory, completion: compiled }),
    analyses: new OpenAnalyses(analysisQueue, clusters),
  };
  const sinkTimeoutMilliseconds = SINK_TIMEOUT_MILLISECONDS;
  const captureTo = (sinks: readonly CaptureSink[]): Capture =>
    new CaptureToSinks({ sinks, objects, clock, makeId, logger, sinkTimeoutMilliseconds, meter });
  const capture = captureTo([
    new QueueCaptureSink({ queue: env.CAPTURE_QUEUE, background, clock }),
    new StoreCaptureSink(storing),
    new ObjectCaptureSink(objects),
  ]);
  return {
    ...{ mistakes, clusters, reviewQueue, storing, captureTo, capture, analysisQueue, gauge },
    reviews: new D1ReviewStore(database),
    retention: new D1RetentionStore(database),
    feedback: new D1FeedbackStore(database),
    imports: new D1ImportStore(database),
    keptExchanges: new D1KeptExchangeStore(database, objects),
    archiving: { archive: new D1ArchiveStore(database), objects, afterDays: settings.archiveAfterDays, gauge, makeId },
  };
}
