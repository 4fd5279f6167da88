// Weights that are published while Workers run. Law: any fault means the shipped weights and a line in the log.
import { describe, expect, it } from "vitest";
import { ActiveEdgeModel, REFRESH_MILLISECONDS } from "../../../src/guardrail/edge-classifier/active-model.ts";
import { SHIPPED_RELEASE, type EdgeRelease } from "../../../src/guardrail/edge-classifier/edge-model.ts";
import { ACTIVE_KEY, publish, releaseKey } from "../../../src/guardrail/edge-classifier/published-weights.ts";
import { createGuardrails } from "../../../src/guardrail/create-guardrails.ts";
import { DEFAULT_POLICY } from "../../../src/policy/policy.ts";
import { unwrap } from "../../../src/problem.ts";
import { handBackground } from "../../fakes/hand-background.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { KeptLogger } from "../../fakes/kept-logger.ts";

const SHIPPED = SHIPPED_RELEASE.weights.version;
const OTHER: EdgeRelease = {
  ...SHIPPED_RELEASE,
  weights: { ...SHIPPED_RELEASE.weights, version: "0123456789ab", bias: { input: 0, output: 50 } },
};

function setUp() {
  const objects = new InMemoryObjectStore();
  const logger = new KeptLogger();
  const hand = handBackground();
  let now = 1_000;
  const model = new ActiveEdgeModel({ objects, logger, clock: () => now, background: hand.background });
  const later = async (): Promise<string> => {
    now += REFRESH_MILLISECONDS;
    model.current();
    await hand.run();
    return model.current().classifier.version;
  };
  return { objects, logger, model, hand, later };
}

async function put(objects: InMemoryObjectStore, release: EdgeRelease): Promise<void> {
  const { active, release: text } = await publish(release);
  await objects.put(releaseKey(release.weights.version), text, "application/json");
  await objects.put(ACTIVE_KEY, active, "application/json");
}

describe("ActiveEdgeModel", () => {
  it("is the shipped model where nothing was published, and looks once a minute", async () => {
    const { model, hand, later } = setUp();
    expect(model.current().classifier.version).toBe(SHIPPED);
    model.current();
    expect(hand.delays()).toHaveLength(1);
    await hand.run();
    model.current();
    expect(hand.delays()).toHaveLength(0);
    expect(await later()).toBe(SHIPPED);
  });

  it("is the published model within a minute, and the shipped one once the pointer is gone", async () => {
    const { objects, logger, later } = setUp();
    await put(objects, OTHER);
    expect(await later()).toBe("0123456789ab");
    expect(logger.of("classifier_weights_loaded")).toHaveLength(1);
    await objects.delete(ACTIVE_KEY);
    expect(await later()).toBe(SHIPPED);
  });

  it.each([
    ["another hash", releaseKey("0123456789ab"), "{}"],
    ["a pointer that is no JSON", ACTIVE_KEY, "newest"],
    ["a pointer to nothing", ACTIVE_KEY, JSON.stringify({ version: "ba9876543210", sha256: "0".repeat(64) })],
    ["a pointer out of its folder", ACTIVE_KEY, JSON.stringify({ version: "../secrets", sha256: "0".repeat(64) })],
  ])("is the shipped model and says so: %s", async (_, key, text) => {
    const { objects, logger, later } = setUp();
    await put(objects, OTHER);
    await objects.put(key, text, "application/json");
    expect(await later()).toBe(SHIPPED);
    expect(logger.of("classifier_weights_unusable")).toHaveLength(1);
  });

  it("is the shipped model where a table is too short, or the store is down", async () => {
    const { objects, logger, later } = setUp();
    await put(objects, { ...OTHER, weights: { ...OTHER.weights, table: "AAAA" } });
    expect(await later()).toBe(SHIPPED);
    objects.down = true;
    expect(await later()).toBe(SHIPPED);
    expect(logger.of("classifier_weights_unusable")).toHaveLength(2);
  });

  it("is what the guardrails of a policy judge by, from the next verdict on", async () => {
    const { objects, model, later } = setUp();
    const { guardrails } = unwrap(
      createGuardrails(
        DEFAULT_POLICY,
        (n) => new Uint8Array(n),
        () => model.current(),
      ),
    );
    const edge = guardrails.fast.find(({ id }) => id === "edge-classifier");
    const exchange = {
      conversation: [],
      answer: [{ role: "assistant" as const, text: "Mix flour and water.", location: "content" }],
      guidance: [],
    };
    expect(edge?.check(exchange, "output")).toMatchObject({ status: "pass", version: SHIPPED });
    await put(objects, OTHER);
    await later();
    expect(edge?.check(exchange, "output")).toMatchObject({ status: "flag", version: "0123456789ab" });
    expect(edge?.version).toBe("0123456789ab");
  });
});
