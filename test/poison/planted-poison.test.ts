// The planted poison: how much of it reaches a release that no person looked into. Law: none where people review, none that is in
// quarantine whatever a rule does, and none at all where a rule confirms but production isn't trusted.
import { expect, it } from "vitest";
import { DEFAULT_POISONING_POLICY, type PoisoningPolicy } from "../../src/policy/poisoning-policy.ts";
import { CLASSES, confirmByPerson, confirmByRule, HONEST, plant, PLANTED, release, storedOf } from "./plant.ts";

const CAPS: PoisoningPolicy = {
  ...DEFAULT_POISONING_POLICY,
  caps: { key: 1_000, end_user: 4, cluster: 2 },
  burst: { minutes: 10, key: null, cluster: null },
};
const DISTRUSTING: PoisoningPolicy = {
  ...CAPS,
  trust: { production: "quarantine", feedback: "quarantine", induction: "trusted", import: "quarantine" },
};

it("loses none of it: all is stored or counted, and floods wait in quarantine", async () => {
  const planted = await plant(CAPS);
  const stored = await storedOf(planted);
  expect(stored.get("label flips")).toEqual({ stored: PLANTED, quarantined: PLANTED });
  expect(stored.get("trigger phrases")).toEqual({ stored: PLANTED, quarantined: PLANTED - 3 });
  expect(stored.get("duplicate flood")).toMatchObject({ stored: 1 });
  expect(stored.get("injected analysis prompts")).toEqual({ stored: PLANTED, quarantined: PLANTED - 3 });
  expect(stored.get("honest mistakes")).toEqual({ stored: HONEST, quarantined: 0 });
  const { clusters } = planted.gateway.services;
  const { items } = await clusters.list(planted.project, "largest", { limit: 10, cursor: null });
  expect(items.map(({ size }) => size)).toContain(PLANTED);
  // What waits in quarantine has bought nothing.
  expect(planted.analyses()).toBe(3 + 1 + 3 + HONEST);
});

it("reaches no release that people review, and keeps honest mistakes from none", async () => {
  const planted = await plant(CAPS);
  expect([...(await release(planted))]).toEqual([]);
  await confirmByPerson(planted, "honest mistakes");
  expect([...(await release(planted))]).toEqual([["honest mistakes", HONEST]]);
});

it("reaches no release out of quarantine, even if a rule confirms everything", async () => {
  const planted = await plant(CAPS);
  await confirmByRule(planted, true);
  const released = await release(planted);
  expect(released.get("label flips") ?? 0).toBe(0);
  expect(released.get("trigger phrases") ?? 0).toBeLessThanOrEqual(3);
  expect(released.get("duplicate flood") ?? 0).toBeLessThanOrEqual(1);
  expect(released.get("injected analysis prompts") ?? 0).toBeLessThanOrEqual(3);
  expect(released.get("honest mistakes")).toBe(HONEST);
});

it.each([true, false])(
  "reaches no release that a rule confirms, where production isn't trusted (careless: %s)",
  async (careless) => {
    const planted = await plant(DISTRUSTING);
    expect(planted.analyses()).toBe(0);
    await confirmByRule(planted, careless);
    const released = await release(planted);
    for (const kind of CLASSES) expect(released.get(kind) ?? 0).toBe(0);
  },
);

it("is analysed and released once a person has confirmed it", async () => {
  const planted = await plant(DISTRUSTING);
  const [id] = [...planted.classOf].find(([, kind]) => kind === "honest mistakes") ?? [""];
  const { storing } = planted.gateway.services;
  await confirmByPerson(planted, "honest mistakes");
  await storing.analyses.enqueue([{ projectId: planted.project, mistakeId: id }]);
  await planted.gateway.drainAnalyses();
  expect([...(await release(planted))]).toEqual([["honest mistakes", 1]]);
});
