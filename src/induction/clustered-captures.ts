// Stores captured mistakes with their cluster and, where they must wait for a person, their quarantine. Law: none is lost — one
// whose exchange is gone is stored unmarked; a bounded number of questions a batch, however many mistakes are in it.
import type { StoredPolicyDirectory } from "../guardrail/stored-policy-directory.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { assignClusters, type Sketched } from "../mistake/assign-clusters.ts";
import { storedExchangeSchema } from "../mistake/captured-schema.ts";
import type { ClusterStore } from "../mistake/cluster-store.ts";
import { counterName, type Counter } from "../mistake/cluster.ts";
import { fingerprintOf } from "../mistake/fingerprint.ts";
import { bandsOf } from "../mistake/min-hash.ts";
import type { Captured, MistakeStore } from "../mistake/mistake-store.ts";
import type { StoredExchange } from "../mistake/mistake.ts";
import { limitsOf, quarantineOf, type Limit } from "../mistake/quarantine-of.ts";
import type { ConditionalEntry } from "../mistake/review-queue.ts";
import type { PoisoningPolicy } from "../policy/poisoning-policy.ts";

type CapturedMistake = Extract<Captured, { type: "mistake" }>;

export interface ClusteredCapturesDependencies {
  readonly mistakes: Pick<MistakeStore, "insertCaptured">;
  readonly clusters: Pick<ClusterStore, "look" | "counts">;
  readonly objects: Pick<ObjectStore, "getText">;
  readonly policyDirectory: Pick<StoredPolicyDirectory, "forKey">;
  /** the gateway's default policy's, also where a project's own can't be read */
  readonly poisoning: PoisoningPolicy;
  readonly logger: Logger;
}

interface Placing extends Sketched {
  readonly captured: CapturedMistake;
  readonly poisoning: PoisoningPolicy;
}

function limitsIn({ captured, poisoning }: Placing, joins: string | null): readonly Limit[] {
  return limitsOf(captured.mistake, joins, poisoning);
}

function countersOf(limits: readonly Limit[]): readonly Counter[] {
  return limits.map(({ counter }) => counter);
}

type PolicyOfKey = (projectId: string, keyId: string) => Promise<PoisoningPolicy>;

/** Objects that are read at once. */
const OBJECTS_AT_ONCE = 6;

export class ClusteredCaptures implements Pick<MistakeStore, "insertCaptured"> {
  readonly #dependencies: ClusteredCapturesDependencies;

  constructor(dependencies: ClusteredCapturesDependencies) {
    this.#dependencies = dependencies;
  }

  async insertCaptured(captured: readonly Captured[], entries: readonly ConditionalEntry[] = []): Promise<void> {
    const marked = await this.#marked(captured);
    const markOf = new Map(marked.map((item) => [item.mistake.id, item]));
    await this.#dependencies.mistakes.insertCaptured(
      captured.map((item) => (item.type === "mistake" ? (markOf.get(item.mistake.id) ?? item) : item)),
      entries,
    );
  }

  async #marked(captured: readonly Captured[]): Promise<readonly CapturedMistake[]> {
    // Delivered twice in one batch, it is looked at once.
    const byId = new Map(captured.flatMap((item) => (item.type === "mistake" ? [[item.mistake.id, item]] : [])));
    const placing = await this.#placing([...byId.values()]);
    if (placing.length === 0) return [];
    const { clusters } = this.#dependencies;
    // Of keys and end users; of a cluster only where something joins it, which is rare, and known after the first question alone.
    const known = await clusters.look(
      placing,
      placing.flatMap((item) => countersOf(limitsIn(item, null))),
    );
    const fresh = placing.filter(({ id }) => !known.ids.has(id));
    const placed = assignClusters(fresh, known).map((item) => ({
      ...item,
      limits: limitsIn(item, item.leads ? null : item.clusterId),
    }));
    const joining = placed.filter(({ leads }) => !leads).flatMap(({ limits }) => countersOf(limits));
    const counts = new Map([...known.counts, ...(await clusters.counts(joining))]);
    const countOf = (counter: Counter): number => counts.get(counterName(counter)) ?? 0;
    return placed.map(({ captured: mistake, contentHash, sketch, clusterId, poisoning, limits }) => {
      const counters = countersOf(limits);
      for (const counter of counters) counts.set(counterName(counter), countOf(counter) + 1);
      const quarantine = quarantineOf(mistake.mistake, limits, poisoning, countOf);
      const mark = { contentHash, sketch, counters };
      return { ...mistake, mistake: { ...mistake.mistake, clusterId, quarantine }, mark };
    });
  }

  async #placing(captured: readonly CapturedMistake[]): Promise<readonly Placing[]> {
    const placing: Placing[] = [];
    const policyOf = this.#policyOfKey();
    for (let start = 0; start < captured.length; start += OBJECTS_AT_ONCE) {
      const some = captured.slice(start, start + OBJECTS_AT_ONCE);
      const found = await Promise.all(some.map(async (item) => await this.#fingerprinted(item, policyOf)));
      placing.push(...found.flat());
    }
    return placing;
  }

  async #fingerprinted(captured: CapturedMistake, policyOf: PolicyOfKey): Promise<readonly Placing[]> {
    const { id, projectId, provenance } = captured.mistake;
    const exchange = await this.#exchangeOf(captured);
    if (exchange === null) {
      this.#dependencies.logger.error("mistake_unmarked", { id, reason: "the object of its exchange is gone" });
      return [];
    }
    const fingerprint = await fingerprintOf(captured.mistake, exchange);
    const poisoning = await policyOf(projectId, provenance.keyId ?? "");
    return [{ captured, id, projectId, poisoning, ...fingerprint, bands: bandsOf(projectId, fingerprint.sketch) }];
  }

  /** null where its object is gone; while objects can't be read, all of it is to be tried again. */
  async #exchangeOf({ exchange }: CapturedMistake): Promise<StoredExchange | null> {
    if ("inline" in exchange) return exchange.inline;
    const text = await this.#dependencies.objects.getText(exchange.objectKey);
    return text === null ? null : storedExchangeSchema.parse(JSON.parse(text));
  }

  /** Asked once a batch and key; the isolate knows it for half a minute. */
  #policyOfKey(): PolicyOfKey {
    const { policyDirectory, poisoning } = this.#dependencies;
    const asked = new Map<string, Promise<PoisoningPolicy>>();
    return async (projectId, keyId) => {
      const name = JSON.stringify([projectId, keyId]);
      const policy =
        asked.get(name) ??
        policyDirectory
          .forKey(projectId, keyId)
          .then((chosen) => (chosen.ok ? (chosen.value.own?.policy.poisoning ?? poisoning) : poisoning));
      asked.set(name, policy);
      return await policy;
    };
  }
}
