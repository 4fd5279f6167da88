// What the HTTP floor can use: ports and use cases, already wired. Law: made by services.ts alone.
import type { AccessLog } from "../access/access-log.ts";
import type { AuditStore } from "../access/audit-store.ts";
import type { EndUserIds } from "../access/end-user-ids.ts";
import type { KeyStore } from "../access/key-store.ts";
import type { Key } from "../access/key.ts";
import type { KeyLimits } from "../access/key-limits.ts";
import type { KeyRing } from "../access/key-ring.ts";
import type { LimitGate } from "../access/limit-gate.ts";
import type { TrialMeter } from "../access/trial.ts";
import type { UsageMeter } from "../access/usage-meter.ts";
import type { UsageReports } from "../access/usage-reports.ts";
import type { UsageStore } from "../access/usage-store.ts";
import type { AnalysisDependencies } from "../analysis/analyse-mistake.ts";
import type { AnalysisReports } from "../mistake/analysis-reports.ts";
import type { ResumeAnalysesDependencies } from "../analysis/resume-analyses.ts";
import type { CandidateDirectory } from "../finetuning/canary/candidates-in-use.ts";
import type { EraseDependencies } from "../finetuning/erasure/erase-subject.ts";
import type { MakeReleaseDependencies } from "../finetuning/make-release.ts";
import type { RequestReleaseDependencies } from "../finetuning/request-release.ts";
import type { CompletionDependencies } from "../generation/guarded-completion.ts";
import type { CompilePolicy } from "../guardrail/compiled-policy.ts";
import type { HeaderPolicies } from "../guardrail/header-policies.ts";
import type { StoredPolicyDirectory } from "../guardrail/stored-policy-directory.ts";
import type { StoreCapturedDependencies } from "../induction/store-captured.ts";
import type { ActiveEdgeModel } from "../guardrail/edge-classifier/active-model.ts";
import type { Background } from "../lib/background.ts";
import type { Clock } from "../lib/clock.ts";
import type { MakeId, RandomBytes } from "../lib/ids.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import type { ClusterStore } from "../mistake/cluster-store.ts";
import type { MistakeStore } from "../mistake/mistake-store.ts";
import type { ArchiveStore } from "../mistake/archive-store.ts";
import type { CaptureSink } from "../mistake/capture-sink.ts";
import type { Capture } from "../mistake/capture.ts";
import type { FeedbackStore } from "../mistake/feedback-store.ts";
import type { InductionStarts } from "../mistake/induction-starts.ts";
import type { InductionStore } from "../mistake/induction-store.ts";
import type { ImportStore } from "../mistake/import-store.ts";
import type { KeptExchangeStore } from "../mistake/kept-exchange-store.ts";
import type { ReviewQueue } from "../mistake/review-queue.ts";
import type { ReviewStore } from "../mistake/review-store.ts";
import type { RetentionStore } from "../mistake/retention-store.ts";
import type { StorageGauge } from "../mistake/storage-gauge.ts";
import type { StoredModelDirectory } from "../model/stored-model-directory.ts";
import type { UpstreamCredentialBook } from "../model/upstream-credentials.ts";
import type { UpstreamStore } from "../model/upstream-store.ts";
import type { OverruleStore } from "../policy/overrule-store.ts";
import type { PolicyStore } from "../policy/policy-store.ts";
import type { CandidateStore } from "../release/candidate-store.ts";
import type { ErasedExamples } from "../release/erased-examples.ts";
import type { ReleaseStore } from "../release/release-store.ts";

/** Stores over one session of the database: see middleware/store-session.ts. */
export interface StoreSession {
  readonly keys: KeyStore;
  readonly mistakes: MistakeStore;
  readonly clusters: ClusterStore;
  readonly releases: ReleaseStore;
  readonly usageReports: UsageReports;
  readonly policies: PolicyStore;
  readonly audit: AuditStore;
  readonly overrules: OverruleStore;
  readonly reviewQueue: ReviewQueue;
  readonly reviews: ReviewStore;
  /** where the session stands, for the caller's next request; null before its first question */
  readonly bookmark: () => string | null;
}

/** What the archive is made with, but for the clock. */
export interface Archiving {
  readonly archive: ArchiveStore;
  readonly objects: ObjectStore;
  readonly afterDays: number;
  readonly gauge: StorageGauge;
  readonly makeId: MakeId;
}

export interface AppServices {
  /** for work that may outlive its reply */
  readonly background: Background;
  readonly keyRing: KeyRing;
  /** counts what every call of a model uses and what comes of every request; flushed by itself */
  readonly meter: UsageMeter;
  /** what comes of requests while a candidate is on trial; flushed with the meter */
  readonly trials: TrialMeter;
  readonly limitGate: Pick<LimitGate, "refusal">;
  readonly defaultLimits: KeyLimits;
  readonly usage: UsageStore;
  readonly usageReports: UsageReports;
  readonly openStores: (start: string) => StoreSession;
  readonly keys: KeyStore;
  readonly endUserIds: EndUserIds;
  readonly accessLog: AccessLog;
  readonly erasing: EraseDependencies;
  readonly erasedExamples: Pick<ErasedExamples, "erasedIn">;
  readonly mistakes: MistakeStore;
  readonly clusters: ClusterStore;
  readonly releases: ReleaseStore;
  readonly objects: ObjectStore;
  /** which model a project asks; `completion.model` is the one of projects without upstreams of their own */
  readonly models: Pick<
    StoredModelDirectory,
    "forProject" | "forOwnCalls" | "guardrailUpstream" | "candidateModel" | "forget"
  >;
  readonly candidates: CandidateStore;
  /** which of them serve a project */
  readonly candidateDirectory: Pick<CandidateDirectory, "inUse" | "forget">;
  readonly upstreams: UpstreamStore;
  readonly upstreamCredentials: UpstreamCredentialBook;
  readonly policies: PolicyStore;
  readonly audit: AuditStore;
  readonly overrules: OverruleStore;
  readonly feedback: FeedbackStore;
  readonly keptExchanges: KeptExchangeStore;
  readonly imports: ImportStore;
  readonly inductions: InductionStore;
  readonly inductionStarts: InductionStarts;
  /** the capture of `completion`, into other sinks */
  readonly captureTo: (sinks: readonly CaptureSink[]) => Capture;
  readonly reviewQueue: ReviewQueue;
  readonly reviews: ReviewStore;
  readonly retention: RetentionStore;
  readonly gauge: StorageGauge;
  readonly archiving: Archiving;
  /** which policy a key goes by; `completion.policy` is the one of projects without a policy of their own */
  readonly policyDirectory: Pick<StoredPolicyDirectory, "forKey" | "forget">;
  readonly headerPolicies: Pick<HeaderPolicies, "under">;
  /** the edge classifier in use */
  readonly edgeModel: Pick<ActiveEdgeModel, "current">;
  readonly compilePolicy: CompilePolicy;
  readonly completion: CompletionDependencies;
  readonly storing: StoreCapturedDependencies;
  /** the model, for projects whose policy names no other; what their policies say is added to it */
  readonly analysis: Omit<AnalysisDependencies, "guardrails" | "attempts">;
  readonly analysisReports: AnalysisReports;
  readonly resuming: ResumeAnalysesDependencies;
  readonly releaseMaking: MakeReleaseDependencies;
  /** signs addresses of files that need no key; null where no secret is set */
  readonly pathSecret: string | null;
  readonly releaseRequests: RequestReleaseDependencies;
  readonly releaseIntervalMilliseconds: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
}

/** Hono's environment on every route: what middleware has set before a handler runs. */
export interface AppEnvironment {
  Variables: {
    services: AppServices;
    requestId: string;
    key: Key;
    /** the reply goes on after its handler: what writes it counts the request's end */
    endsLater?: boolean;
  };
}
