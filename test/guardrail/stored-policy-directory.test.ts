// Which policy a key goes by: how long it is known, and what becomes of it while the store fails.
import { describe, expect, it } from "vitest";
import { allowingPolicy } from "../../src/generation/request-policy.ts";
import { createCompilePolicy } from "../../src/guardrail/compiled-policy.ts";
import { shippedEdgeModel } from "../../src/guardrail/edge-classifier/edge-model.ts";
import { runFastGuardrails } from "../../src/guardrail/run-guardrails.ts";
import { StoredPolicyDirectory } from "../../src/guardrail/stored-policy-directory.ts";
import { allowanceSchema } from "../../src/policy/allowance-schema.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { unwrap } from "../../src/problem.ts";
import { type HandClock, handClock } from "../fakes/hand-clock.ts";
import { overruleOf } from "../contract/overrule-store.ts";
import { InMemoryOverruleStore } from "../fakes/in-memory-overrule-store.ts";
import { InMemoryPolicyStore } from "../fakes/in-memory-policy-store.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { entryOf, policyOf } from "../fixtures/policies.ts";
import { answering, conversationOf } from "./exchange-of.ts";

const compile = createCompilePolicy((length) => new Uint8Array(length), shippedEdgeModel);
const PROJECT = "prj_1";

interface Setup {
  readonly directory: StoredPolicyDirectory;
  readonly store: InMemoryPolicyStore;
  readonly overrules: InMemoryOverruleStore;
  readonly clock: HandClock;
  readonly logger: KeptLogger;
  /** Makes a policy, and has the project or a key go by it; its id. */
  readonly activate: (given: object, keyId?: string) => Promise<string>;
  /** the version that is gone by, or the problem's code */
  readonly version: (keyId?: string, projectId?: string) => Promise<string>;
}

function setup(): Setup {
  const [store, clock, logger] = [new InMemoryPolicyStore(), handClock(), new KeptLogger()];
  const overrules = new InMemoryOverruleStore();
  const directory = new StoredPolicyDirectory({ policies: store, overrules, compile, clock: clock.now, logger });
  return {
    ...{ directory, store, overrules, clock, logger },
    activate: async (given, keyId) => {
      const policy = policyOf(PROJECT, { ...given });
      await store.insertPolicy(policy, { projectId: PROJECT, keyId: keyId ?? null, policyId: policy.id }, []);
      return policy.id;
    },
    version: async (keyId = "key_1", projectId = PROJECT) => {
      const chosen = await directory.forKey(projectId, keyId);
      if (!chosen.ok) return chosen.error.code;
      return chosen.value.own?.policy.version ?? "the gateway's";
    },
  };
}

describe("StoredPolicyDirectory", () => {
  it("knows what overrules allow within 25 s, and a reversal as soon", async () => {
    const { directory, overrules, clock } = setup();
    const allowed = async (): Promise<number> => {
      const chosen = await directory.forKey(PROJECT, "key_1");
      return chosen.ok ? chosen.value.allowances.length : -1;
    };
    expect(await allowed()).toBe(0);
    const overrule = overruleOf(PROJECT, { createdAt: clock.now(), expiresAt: clock.now() + 100_000 });
    const entry = { id: "aud_1", projectId: PROJECT, keyId: "k", subject: "s", details: {}, createdAt: 0 } as const;
    await overrules.insertOverrule(overrule, 500, { ...entry, event: "overrule_created" });
    clock.advance(24_999);
    expect(await allowed()).toBe(0);
    clock.advance(1);
    expect(await allowed()).toBe(2);
    const reversal = { projectId: PROJECT, id: overrule.id, keyId: "k", at: clock.now() };
    await overrules.revertOverrule(reversal, { ...entry, event: "overrule_reverted" });
    directory.forget(PROJECT);
    expect(await allowed()).toBe(0);
  });

  it("knows within 25 s of a reversal that was made elsewhere, or as soon as the store answers again", async () => {
    for (const isDown of [false, true]) {
      const { directory, overrules, clock, store } = setup();
      const overrule = overruleOf(PROJECT, { createdAt: clock.now(), expiresAt: clock.now() + 10_000_000 });
      const entry = { id: "aud_1", projectId: PROJECT, keyId: "k", subject: "s", details: {}, createdAt: 0 } as const;
      await overrules.insertOverrule(overrule, 500, { ...entry, event: "overrule_created" });
      const allowed = async (): Promise<unknown> => {
        const chosen = await directory.forKey(PROJECT, "key_1");
        return chosen.ok ? chosen.value.allowances.length : chosen.error.code;
      };
      expect(await allowed()).toBe(2);
      const reversal = { projectId: PROJECT, id: overrule.id, keyId: "k", at: clock.now() };
      await overrules.revertOverrule(reversal, { ...entry, event: "overrule_reverted" });
      store.down = isDown;
      clock.advance(25_000);
      expect(await allowed()).toBe(isDown ? 2 : 0);
      store.down = false;
      clock.advance(5_000);
      expect(await allowed()).toBe(0);
    }
  });

  it("allows nothing beyond its time while the store is down", async () => {
    const { directory, overrules, clock, store } = setup();
    const end = clock.now() + 600_000;
    const allowances = [allowanceSchema.parse({ id: "ovr_1", rule: "phrase", expires_at: end / 1_000 })];
    const overrule = overruleOf(PROJECT, { createdAt: clock.now(), expiresAt: end, allowances });
    const entry = { id: "aud_1", projectId: PROJECT, keyId: "k", subject: "s", details: {}, createdAt: 0 } as const;
    await overrules.insertOverrule(overrule, 500, { ...entry, event: "overrule_created" });
    const flagged = async (): Promise<string | undefined> => {
      const chosen = unwrap(await directory.forKey(PROJECT, "key_1"));
      const policy = { ...DEFAULT_POLICY, allow: [...chosen.allowances] };
      const guardrails = { fast: [phraseGuardrail("refund", "S1")], slow: [] };
      const compiled = { policy, guardrails, enforced: null };
      const { fast } = (await allowingPolicy(compiled, "key_1", clock.now, () => "")).guardrails;
      return runFastGuardrails(fast, answering("You get a refund.", conversationOf(["user", "Hi."])), "output")[0]
        ?.status;
    };
    expect(await flagged()).toBe("pass");
    store.down = true;
    clock.advance(599_999);
    expect(await flagged()).toBe("pass");
    clock.advance(1);
    expect(await flagged()).toBe("flag");
  });

  it("takes the key's policy, else the project's, else none", async () => {
    const { activate, version } = setup();
    const ofProject = await activate({ canaries: ["canary-1"] });
    const ofKey = await activate({ canaries: ["canary-2"] }, "key_2");
    expect([await version("key_1"), await version("key_2")]).toEqual([ofProject, ofKey]);
    expect(await version("key_2", "prj_other")).toBe("the gateway's");
  });

  it("asks nobody while it knows, for less than 30 s", async () => {
    const { activate, version, store, clock } = setup();
    const first = await activate({});
    expect(await version()).toBe(first);
    const reads = store.reads;
    for (let count = 0; count < 5; count += 1) await version(`key_${count}`);
    expect(store.reads).toBe(reads);
    const second = await activate({});
    expect(await version()).toBe(first);
    clock.advance(29_000);
    expect(await version()).toBe(second);
  });

  it("reads a version once, however often the project is looked up", async () => {
    const { activate, version, store, clock } = setup();
    await activate({});
    await version();
    clock.advance(30_000);
    const reads = store.reads;
    await version();
    expect(store.reads).toBe(reads + 1);
  });

  it("knows a change at once where it was made", async () => {
    const { activate, version, directory, store } = setup();
    await version();
    const made = await activate({});
    directory.forget(PROJECT);
    expect(await version()).toBe(made);
    await store.switchMonitor(PROJECT, true, entryOf(PROJECT));
    directory.forget(PROJECT);
    expect(await directory.forKey(PROJECT, "key_1")).toMatchObject({ value: { monitor: true } });
  });

  it("goes by the last known while the store is down, and asks it every 5 s", async () => {
    const { activate, version, store, clock, logger } = setup();
    const known = await activate({});
    await version();
    store.down = true;
    clock.advance(30_000);
    const reads = store.reads;
    for (let count = 0; count < 5; count += 1) expect(await version()).toBe(known);
    expect(store.reads).toBe(reads + 1);
    expect(logger.of("policies_unavailable")).toHaveLength(1);
    clock.advance(5_000);
    expect(await version()).toBe(known);
    expect(store.reads).toBe(reads + 2);
  });

  it("is no gateway's policy because the store failed", async () => {
    const { version, store } = setup();
    store.down = true;
    expect(await version()).toBe("policies_unavailable");
    store.down = false;
    expect(await version()).toBe("the gateway's");
  });

  it("lets nothing through where a policy can't be read any more, or is gone", async () => {
    const { activate, version, store, directory, logger } = setup();
    await activate({ no_longer: true });
    expect(await version()).toBe("policies_unavailable");
    expect(JSON.stringify(logger.of("policies_unavailable"))).toContain("no_longer");
    await store.assign({ projectId: PROJECT, keyId: null, policyId: "pol_gone" }, entryOf(PROJECT));
    directory.forget(PROJECT);
    expect(await version()).toBe("policies_unavailable");
  });
});
