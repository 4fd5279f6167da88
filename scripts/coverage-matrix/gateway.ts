// The real application over fakes beneath its ports. Law: everything that guards is the code that ships; only the model's server,
// the stores and the capture's sink are scripted.
import { NO_LIMITS } from "../../src/access/key-limits.ts";
import { HmacEndUserIds } from "../../src/access/end-user-ids.ts";
import { KeyRing } from "../../src/access/key-ring.ts";
import { OpenAIChatModel } from "../../src/adapters/openai/openai-chat-model.ts";
import { createApp } from "../../src/app.ts";
import { CandidateDirectory } from "../../src/finetuning/canary/candidates-in-use.ts";
import { sandwich } from "../../src/generation/guidance/apply-guidance.ts";
import { createCompilePolicy } from "../../src/guardrail/compiled-policy.ts";
import { createGuardrails } from "../../src/guardrail/create-guardrails.ts";
import { shippedEdgeModel } from "../../src/guardrail/edge-classifier/edge-model.ts";
import { HeaderPolicies } from "../../src/guardrail/header-policies.ts";
import { StoredPolicyDirectory } from "../../src/guardrail/stored-policy-directory.ts";
import { createMakeId } from "../../src/lib/ids.ts";
import { TextSeal } from "../../src/lib/text-seal.ts";
import type { AppServices } from "../../src/middleware/app-services.ts";
import type { AttackDraft, Capture, MistakeDraft } from "../../src/mistake/capture.ts";
import { noGuardrailUpstream } from "../../src/model/guardrail-upstream.ts";
import { UpstreamCredentialBook } from "../../src/model/upstream-credentials.ts";
import { judgesSchema } from "../../src/policy/judge-policy.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";
import { unwrap } from "../../src/problem.ts";
import { InMemoryCandidateStore } from "../../test/fakes/in-memory-candidate-store.ts";
import { InMemoryAnalysisBudget } from "../../test/fakes/in-memory-analysis-budget.ts";
import { InMemoryArchiveStore } from "../../test/fakes/in-memory-archive-store.ts";
import { InMemoryErasureStore } from "../../test/fakes/in-memory-erasure-store.ts";
import { InMemoryFeedbackStore } from "../../test/fakes/in-memory-feedback-store.ts";
import { InMemoryImportStore } from "../../test/fakes/in-memory-import-store.ts";
import { InMemoryInductionStore } from "../../test/fakes/in-memory-induction-store.ts";
import { InMemoryKeptExchangeStore } from "../../test/fakes/in-memory-kept-exchange-store.ts";
import { InMemoryKeyStore } from "../../test/fakes/in-memory-key-store.ts";
import { InMemoryMistakeStore } from "../../test/fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../test/fakes/in-memory-object-store.ts";
import { InMemoryOverruleStore } from "../../test/fakes/in-memory-overrule-store.ts";
import { InMemoryPolicyStore } from "../../test/fakes/in-memory-policy-store.ts";
import { InMemoryReleaseStore } from "../../test/fakes/in-memory-release-store.ts";
import { InMemoryReviewStore } from "../../test/fakes/in-memory-review-store.ts";
import { InMemoryUpstreamStore } from "../../test/fakes/in-memory-upstream-store.ts";
import { InMemoryUsageStore } from "../../test/fakes/in-memory-usage-store.ts";
import { KeptLogger } from "../../test/fakes/kept-logger.ts";
import { KeptMeter } from "../../test/fakes/kept-meter.ts";
import { type Cell, failsClosed } from "./cell.ts";
import { BROKEN_ID, FORBIDDEN, guardrailsOf, OTHER, type Runs, WORKING_ID } from "./guardrails.ts";
import { type MatrixUpstream, matrixUpstream, UPSTREAM_URL } from "./upstream.ts";

const ADMIN_KEY = "matrix-admin-key-0123456789abcdef";
/** A judge that is in time must be so on a busy machine too. */
const DEADLINE_MILLISECONDS = 3_000;
const MISSED_DEADLINE_MILLISECONDS = 50;

export interface MatrixGateway {
  readonly fetch: (path: string, body: object) => Promise<Response>;
  readonly upstream: MatrixUpstream;
  readonly runs: Runs;
  readonly mistakes: readonly MistakeDraft[];
  readonly attacks: readonly AttackDraft[];
  readonly alarms: () => number;
}

/** Changes the services before they are used: how a test shows that a switched off part is noticed. */
export type Change = (services: AppServices) => AppServices;

export function policyOf(cell: Cell): Policy {
  const { side, action, delivery, health, failure, onTimeout, media } = cell;
  const own = failsClosed(cell) ? "closed" : "open";
  const other = failsClosed(cell) ? "open" : "closed";
  const category = health === "shipped" ? "prompt_leak" : FORBIDDEN;
  return {
    ...DEFAULT_POLICY,
    version: "matrix-1",
    stream_mode: delivery === "json" ? "hold_back" : delivery,
    actions: { ...DEFAULT_POLICY.actions, [side]: { default: "block", [category]: action } },
    on_guardrail_error: failure.startsWith("category_") ? { default: other, [FORBIDDEN]: own, [OTHER]: own } : own,
    hard_categories: health === "judge_hard" ? [FORBIDDEN] : [],
    unscannable_parts: media,
    // The shipped judge would ask the model: it has tests of its own, and the matrix has judges of its own.
    judges: judgesSchema.parse(
      (health === "shipped" ? [] : [WORKING_ID, BROKEN_ID]).map((id) => ({
        id,
        type: "self_check",
        sides: ["input", "output"],
        run: "always",
        weight: "decide",
        input: health === "judge_beside" ? "parallel" : "before",
        first_window_characters: 50,
        timeout_milliseconds: health === "judge_too_late" ? MISSED_DEADLINE_MILLISECONDS : DEADLINE_MILLISECONDS,
        on_timeout: onTimeout,
      })),
    ),
  };
}

class KeptCapture implements Capture {
  readonly mistakes: MistakeDraft[] = [];
  readonly attacks: AttackDraft[] = [];

  async mistake(draft: MistakeDraft): Promise<string> {
    await Promise.resolve();
    this.mistakes.push(draft);
    return `mis_${this.mistakes.length}`;
  }

  async attack(draft: AttackDraft): Promise<string> {
    await Promise.resolve();
    this.attacks.push(draft);
    return `atk_${this.attacks.length}`;
  }

  /** The matrix's policies have no feedback window. */
  async exchange(): Promise<null> {
    return await Promise.resolve(null);
  }
}

export function matrixGateway(cell: Cell, change: Change = (services) => services): MatrixGateway {
  const upstream = matrixUpstream(cell);
  const runs: Runs = new Map();
  const policy = policyOf(cell);
  const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const guardrails = guardrailsOf(cell, runs) ?? unwrap(createGuardrails(policy, randomBytes)).guardrails;
  const capture = new KeptCapture();
  const logger = new KeptLogger();
  const clock = (): number => Date.now();
  const makeId = createMakeId(clock, randomBytes);
  const objects = new InMemoryObjectStore();
  const endUserIds = new HmacEndUserIds([ADMIN_KEY]);
  const keys = new InMemoryKeyStore();
  const mistakes = new InMemoryMistakeStore(objects);
  const releases = new InMemoryReleaseStore(mistakes);
  const model = new OpenAIChatModel({
    url: UPSTREAM_URL,
    key: null,
    fetch: upstream.fetch,
    random: () => 0,
    attempts: 1,
    timeoutMilliseconds: 10_000,
    attemptTimeoutMilliseconds: 10_000,
    idleMilliseconds: 10_000,
  });
  const nothing = async (): Promise<void> => {
    await Promise.resolve();
  };
  const analyses = { enqueue: nothing };
  const meter = new KeptMeter();
  const budget = new InMemoryAnalysisBudget();
  const usage = new InMemoryUsageStore();
  const policies = new InMemoryPolicyStore();
  const overrules = new InMemoryOverruleStore();
  const reviews = new InMemoryReviewStore(mistakes);
  const compilePolicy = createCompilePolicy(randomBytes, shippedEdgeModel);
  const gauge = { fullShare: async () => await Promise.resolve(0) };
  const candidates = new InMemoryCandidateStore();
  const services = change({
    background: (work) => {
      void work();
    },
    meter,
    trials: { trial: () => undefined },
    limitGate: { refusal: async () => await Promise.resolve(null) },
    defaultLimits: NO_LIMITS,
    usage,
    usageReports: usage,
    openStores: () => ({
      ...{ keys, mistakes, releases, usageReports: usage, policies, audit: policies, overrules },
      clusters: mistakes.clusters,
      ...{ reviewQueue: reviews, reviews },
      bookmark: () => null,
    }),
    keyRing: new KeyRing(keys, ADMIN_KEY, clock),
    keys,
    endUserIds,
    accessLog: {
      addEntry: nothing,
      listEntries: async () => await Promise.resolve({ items: [], hasMore: false }),
      pruneEntries: async () => await Promise.resolve(0),
    },
    erasing: { endUserIds, erasures: new InMemoryErasureStore(), places: [], clock, makeId, logger },
    erasedExamples: { erasedIn: async () => await Promise.resolve([]) },
    mistakes,
    clusters: mistakes.clusters,
    feedback: new InMemoryFeedbackStore(),
    keptExchanges: new InMemoryKeptExchangeStore(mistakes.exchanges, objects),
    imports: new InMemoryImportStore(),
    inductions: new InMemoryInductionStore(),
    inductionStarts: {
      start: async () => {
        await Promise.resolve();
      },
    },
    captureTo: () => capture,
    releases,
    objects,
    gauge,
    archiving: { archive: new InMemoryArchiveStore(mistakes, releases), objects, afterDays: 30, gauge, makeId },
    models: {
      forProject: async () => await Promise.resolve(model),
      forOwnCalls: async () => await Promise.resolve(model),
      guardrailUpstream: noGuardrailUpstream,
      candidateModel: async () => await Promise.resolve(null),
      forget: () => undefined,
    },
    candidates,
    candidateDirectory: new CandidateDirectory({ candidates, clock, logger }),
    upstreams: new InMemoryUpstreamStore(),
    upstreamCredentials: new UpstreamCredentialBook(new TextSeal([], "matrix", randomBytes), () => null),
    policies,
    audit: policies,
    overrules,
    reviewQueue: reviews,
    reviews,
    edgeModel: { current: shippedEdgeModel },
    retention: mistakes,
    policyDirectory: new StoredPolicyDirectory({ policies, overrules, compile: compilePolicy, clock, logger }),
    headerPolicies: new HeaderPolicies(compilePolicy, clock, shippedEdgeModel),
    compilePolicy,
    completion: {
      model,
      guardrailUpstream: noGuardrailUpstream,
      guardrails,
      guide: sandwich,
      randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      endUserIds,
      capture,
      policy,
      logger,
      meter,
      clock,
      random: () => 0,
    },
    storing: { mistakes, analyses },
    analysis: {
      model,
      mistakes,
      clock,
      makeId,
      randomBytes,
      budget,
      caps: { project: 0, key: 0 },
      meter,
      modelName: null,
    },
    analysisReports: { passRates: async () => await Promise.resolve([]) },
    resuming: { budget, analyses, clock },
    releaseMaking: {
      mistakes,
      releases,
      objects,
      guardrails: guardrails.fast,
      normalPairsKey: null,
      clock,
      logger,
    },
    releaseRequests: { releases, builds: { start: nothing }, clock, makeId, logger },
    pathSecret: null,
    releaseIntervalMilliseconds: 1_000,
    maxBodyBytes: 1_000_000,
    clock,
    makeId,
    randomBytes,
    logger,
  });
  const app = createApp(() => services);
  return {
    upstream,
    runs,
    mistakes: capture.mistakes,
    attacks: capture.attacks,
    alarms: () => logger.of("guardrail_failed").length,
    fetch: async (path, body) =>
      await app.fetch(
        new Request(`http://gateway.test${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
        {},
      ),
  };
}
