// The one place where adapters meet ports. Law: built once an isolate; holds nothing of any request.
import { IsolateUsageMeter } from "./access/isolate-usage-meter.ts";
import { KeyRing } from "./access/key-ring.ts";
import { LimitGate } from "./access/limit-gate.ts";
import { priceList } from "./access/price-list.ts";
import { SpentToday } from "./access/spent-today.ts";
import type { UsageStore } from "./access/usage-store.ts";
import { ConsoleLogger } from "./adapters/console/console-logger.ts";
import { D1AuditStore } from "./adapters/d1/d1-audit-store.ts";
import { D1AnalysisBudget } from "./adapters/d1/d1-analysis-budget.ts";
import { D1AnalysisReports } from "./adapters/d1/d1-analysis-reports.ts";
import { D1ClusterStore } from "./adapters/d1/d1-cluster-store.ts";
import { D1CandidateStore } from "./adapters/d1/d1-candidate-store.ts";
import { D1InductionStore } from "./adapters/d1/d1-induction-store.ts";
import { D1KeyLookup } from "./adapters/d1/d1-key-lookup.ts";
import { D1KeyStore } from "./adapters/d1/d1-key-store.ts";
import { D1MistakeStore } from "./adapters/d1/d1-mistake-store.ts";
import { D1OverruleStore } from "./adapters/d1/d1-overrule-store.ts";
import { D1PolicyStore } from "./adapters/d1/d1-policy-store.ts";
import { D1ReleaseStore } from "./adapters/d1/d1-release-store.ts";
import { D1ReviewQueue } from "./adapters/d1/d1-review-queue.ts";
import { D1ReviewStore } from "./adapters/d1/d1-review-store.ts";
import { D1UpstreamStore } from "./adapters/d1/d1-upstream-store.ts";
import { D1UsageReports } from "./adapters/d1/d1-usage-reports.ts";
import { D1UsageStore } from "./adapters/d1/d1-usage-store.ts";
import { openDatabase, openSession } from "./adapters/d1/database.ts";
import type { Env } from "./adapters/env.ts";
import { WakeCount } from "./adapters/openai/gathering-reader.ts";
import { JsonEndpoint } from "./adapters/http/json-endpoint.ts";
import { OpenAIChatModel } from "./adapters/openai/openai-chat-model.ts";
import { QueueUsageQueue } from "./adapters/queue/queue-usage-queue.ts";
import { R2ObjectStore } from "./adapters/r2/r2-object-store.ts";
import { BindingRequestRates } from "./adapters/ratelimit/binding-request-rates.ts";
import { waitUntilBackground } from "./adapters/worker/wait-until-background.ts";
import { WorkersAiChatModel } from "./adapters/workers-ai/workers-ai-chat-model.ts";
import { WorkflowInductionStarts } from "./adapters/workflow/workflow-induction-starts.ts";
import { WorkflowReleaseBuilds } from "./adapters/workflow/workflow-release-builds.ts";
import { captureServices } from "./capture-services.ts";
import { readSettings, type Settings } from "./config.ts";
import { CandidateDirectory } from "./finetuning/canary/candidates-in-use.ts";
import { sandwich } from "./generation/guidance/apply-guidance.ts";
import { createCompilePolicy, recast } from "./guardrail/compiled-policy.ts";
import { createGuardrails } from "./guardrail/create-guardrails.ts";
import { ActiveEdgeModel } from "./guardrail/edge-classifier/active-model.ts";
import { HeaderPolicies } from "./guardrail/header-policies.ts";
import { Remembered } from "./guardrail/remembered.ts";
import { StoredPolicyDirectory } from "./guardrail/stored-policy-directory.ts";
import type { Background } from "./lib/background.ts";
import type { Clock } from "./lib/clock.ts";
import { fnv1a } from "./lib/fnv1a.ts";
import type { Logger } from "./lib/logger.ts";
import { TextSeal } from "./lib/text-seal.ts";
import { createMakeId, type MakeId, type RandomBytes } from "./lib/ids.ts";
import type { AppServices } from "./middleware/app-services.ts";
import type { ChatModel } from "./model/chat-model.ts";
import { noGuardrailUpstream } from "./model/guardrail-upstream.ts";
import type { HttpEndpoint } from "./model/http-endpoint.ts";
import { NamedModel } from "./model/named-model.ts";
import { unavailableEndpoint } from "./model/rested-endpoint.ts";
import { StoredModelDirectory } from "./model/stored-model-directory.ts";
import { UnavailableModel } from "./model/unavailable-model.ts";
import { UpstreamCredentialBook } from "./model/upstream-credentials.ts";
import type { Upstream } from "./model/upstream.ts";
import { soundName } from "./mistake/sound-name.ts";
import { readPolicy } from "./policy/read-policy.ts";
import { privacyServices } from "./privacy-services.ts";
import { unwrap } from "./problem.ts";

/** What only the outside can give: time, chance, and the network. */
export interface Outside {
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** in [0, 1) */
  readonly random: () => number;
  readonly fetch: typeof fetch;
}

const OUTSIDE: Outside = {
  clock: () => Date.now(),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  random: () => Math.random(),
  fetch: async (input, init) => await fetch(input, init),
};

const DEFAULT_WORKERS_AI_MODEL = "@cf/meta/llama-3.1-8b-instruct-fast";
/** Models whose names are redacted already: it takes a tenth of a millisecond. */
const KNOWN_NAMES = 200;

interface ModelMaking extends Outside {
  readonly makeId: MakeId;
  readonly wakes: WakeCount;
}

function chatModel(env: Env, { upstream }: Settings, making: ModelMaking): ChatModel {
  const { url, model, timeoutMilliseconds, idleMilliseconds } = upstream;
  const { fetch, random, clock, makeId, wakes } = making;
  if (url !== null) {
    const inner = new OpenAIChatModel({ ...upstream, url, fetch, random, wakes });
    return new NamedModel(inner, model);
  }
  const name = model ?? DEFAULT_WORKERS_AI_MODEL;
  return new NamedModel(
    new WorkersAiChatModel({
      binding: env.AI ?? null,
      model: name,
      timeoutMilliseconds,
      idleMilliseconds,
      clock,
      makeId,
    }),
    name,
  );
}

interface Counting extends Pick<Outside, "clock"> {
  readonly makeId: MakeId;
  readonly logger: Logger;
  readonly background: Background;
}

/** Usage, its budgets and its rates: everything that one isolate counts. */
function countingServices(
  env: Env,
  settings: Settings,
  { clock, makeId, logger, background }: Counting,
): Pick<AppServices, "meter" | "trials" | "limitGate" | "defaultLimits"> {
  const queue = new QueueUsageQueue(env.USAGE_QUEUE, env.ANALYTICS ?? null);
  const priceOf = priceList(settings.prices);
  const names = new Remembered(KNOWN_NAMES, soundName);
  const nameOf = (model: string): string => names.get(model);
  const meter = new IsolateUsageMeter({ queue, priceOf, nameOf, background, clock, makeId, logger });
  // Sums may be a replica's: they come with the batches that they hold.
  const store = {
    spentOnDay: async (...asked: Parameters<UsageStore["spentOnDay"]>) =>
      await new D1UsageStore(openSession(env.DB, "first-unconstrained").database).spentOnDay(...asked),
  };
  const spentToday = new SpentToday({ store, meter, background, clock });
  const rates = new BindingRequestRates(env);
  const { defaultLimits } = settings;
  const limitGate = new LimitGate({ defaults: defaultLimits, rates, spentToday, meter, clock, logger });
  return { meter, trials: meter, limitGate, defaultLimits };
}

/** The credentials are read here, once for as long as the model is known. */
function upstreamModels(credentials: UpstreamCredentialBook, { fetch, random, wakes }: ModelMaking) {
  return async (upstream: Upstream): Promise<ChatModel> => {
    const key = await credentials.read(upstream);
    if (!key.ok) return new UnavailableModel(key.error);
    return new OpenAIChatModel({ ...upstream.limits, url: upstream.url, key: key.value, fetch, random, wakes });
  };
}

function upstreamEndpoints(credentials: UpstreamCredentialBook, { fetch, random, clock, makeId }: ModelMaking) {
  return async (upstream: Upstream): Promise<HttpEndpoint> => {
    const key = await credentials.read(upstream);
    if (!key.ok) return unavailableEndpoint(key.error);
    const { url, limits } = upstream;
    return new JsonEndpoint({ ...limits, url, key: key.value, fetch, random, clock, makeId });
  };
}

/** Throws a ProblemError for a bad setting or policy. */
export function createServices(env: Env, outside: Outside = OUTSIDE): AppServices {
  const { clock, randomBytes } = outside;
  const settings = unwrap(readSettings({ ...env }));
  const policy = unwrap(
    readPolicy(
      settings.policy,
      fnv1a(settings.policy ?? "")
        .toString(16)
        .padStart(8, "0"),
    ),
  );
  const makeId = createMakeId(clock, randomBytes);
  const logger = new ConsoleLogger();
  const database = openDatabase(env.DB);
  const objects = new R2ObjectStore(env.OBJECTS);
  const background = waitUntilBackground(logger);
  const edgeModel = new ActiveEdgeModel({ objects, clock, logger, background });
  const compilePolicy = createCompilePolicy(randomBytes, () => edgeModel.current());
  const compiled = recast(policy, unwrap(createGuardrails(policy, randomBytes, () => edgeModel.current())));
  const keys = new D1KeyStore(database);
  const releases = new D1ReleaseStore(database);
  // One count of wakes: every stream of the isolate waits in the same queue.
  const making = { ...outside, makeId, wakes: new WakeCount() };
  const model = chatModel(env, settings, making);
  const counting = countingServices(env, settings, { clock, makeId, logger, background });
  const budget = new D1AnalysisBudget(database);
  const upstreams = new D1UpstreamStore(database);
  const candidates = new D1CandidateStore(database);
  const policies = new D1PolicyStore(database);
  const overrules = new D1OverruleStore(database);
  const seal = new TextSeal(settings.encryptionKeys, "upstream credentials", randomBytes);
  const upstreamCredentials = new UpstreamCredentialBook(seal, (name) => env[name] ?? null);
  const makeModel = upstreamModels(upstreamCredentials, making);
  const makeEndpoint = upstreamEndpoints(upstreamCredentials, making);
  const { subjectKeys } = settings;
  const privacy = privacyServices(database, { subjectKeys, releases, objects, clock, makeId, logger });
  const policyDirectory = new StoredPolicyDirectory({ policies, overrules, compile: compilePolicy, clock, logger });
  const capturing = captureServices(env, database, {
    ...{ settings, compiled, policyDirectory, objects, background, clock, makeId, logger },
    meter: counting.meter,
  });
  const { capture, analysisQueue, ...stores } = capturing;
  const { mistakes } = stores;
  return {
    ...counting,
    background,
    keyRing: new KeyRing(new D1KeyLookup(env.DB), settings.adminKey, clock),
    usage: new D1UsageStore(database),
    usageReports: new D1UsageReports(database),
    openStores: (start) => {
      const session = openSession(env.DB, start);
      return {
        keys: new D1KeyStore(session.database),
        mistakes: new D1MistakeStore(session.database, objects),
        clusters: new D1ClusterStore(session.database),
        releases: new D1ReleaseStore(session.database),
        usageReports: new D1UsageReports(session.database),
        policies: new D1PolicyStore(session.database),
        audit: new D1AuditStore(session.database),
        overrules: new D1OverruleStore(session.database),
        reviewQueue: new D1ReviewQueue(session.database),
        reviews: new D1ReviewStore(session.database),
        bookmark: session.bookmark,
      };
    },
    keys,
    ...privacy,
    ...stores,
    releases,
    objects,
    models: new StoredModelDirectory({ upstreams, makeModel, makeEndpoint, defaultModel: model, clock, logger }),
    candidates,
    candidateDirectory: new CandidateDirectory({ candidates, clock, logger }),
    upstreams,
    upstreamCredentials,
    policies,
    audit: new D1AuditStore(database),
    overrules,
    policyDirectory,
    headerPolicies: new HeaderPolicies(compilePolicy, clock, () => edgeModel.current()),
    compilePolicy,
    edgeModel,
    completion: {
      ...compiled,
      model,
      guardrailUpstream: noGuardrailUpstream,
      guide: sandwich,
      capture,
      endUserIds: privacy.endUserIds,
      logger,
      meter: counting.meter,
      clock,
      random: outside.random,
      randomBytes,
    },
    analysis: {
      model,
      mistakes,
      clock,
      makeId,
      randomBytes,
      budget,
      caps: settings.analysesPerDay,
      meter: counting.meter,
      modelName: settings.upstream.model,
    },
    inductions: new D1InductionStore(database),
    inductionStarts: new WorkflowInductionStarts(env.INDUCTION_WORKFLOW),
    analysisReports: new D1AnalysisReports(database),
    resuming: { budget, analyses: analysisQueue, clock },
    releaseMaking: {
      mistakes,
      releases,
      objects,
      guardrails: compiled.guardrails.fast,
      normalPairsKey: settings.normalPairsKey,
      clock,
      logger,
      webhook: settings.releaseWebhook === null ? null : { ...settings.releaseWebhook, fetch: outside.fetch },
    },
    pathSecret: settings.pathSecret,
    releaseRequests: { releases, builds: new WorkflowReleaseBuilds(env.RELEASE_WORKFLOW), clock, makeId, logger },
    releaseIntervalMilliseconds: settings.releaseIntervalMilliseconds,
    maxBodyBytes: settings.maxBodyBytes,
    clock,
    makeId,
    randomBytes,
    logger,
  };
}
