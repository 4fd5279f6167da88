// What clustered captures are made of in tests: one policy for all, and a store.
import { ClusteredCaptures } from "../../src/induction/clustered-captures.ts";
import type { ClusterStore } from "../../src/mistake/cluster-store.ts";
import type { MistakeStore } from "../../src/mistake/mistake-store.ts";
import { DEFAULT_POISONING_POLICY, type PoisoningPolicy } from "../../src/policy/poisoning-policy.ts";
import { InMemoryObjectStore } from "./in-memory-object-store.ts";
import { KeptLogger } from "./kept-logger.ts";

export const UNLIMITED: PoisoningPolicy = {
  ...DEFAULT_POISONING_POLICY,
  caps: { key: null, end_user: null, cluster: null },
  burst: { minutes: 10, key: null, cluster: null },
};

export function capturesInto(
  stores: { readonly mistakes: MistakeStore; readonly clusters: ClusterStore },
  poisoning: PoisoningPolicy = UNLIMITED,
  objects = new InMemoryObjectStore(),
): ClusteredCaptures {
  const chosen = { own: null, monitor: false, allowances: [] };
  const policyDirectory = { forKey: async () => await Promise.resolve({ ok: true as const, value: chosen }) };
  return new ClusteredCaptures({ ...stores, objects, policyDirectory, poisoning, logger: new KeptLogger() });
}
