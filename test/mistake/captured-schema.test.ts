// What was captured is read back whole, and what was poisoned is refused.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capturedSchema } from "../../src/mistake/captured-schema.ts";
import { arbitraryCaptured } from "../fixtures/arbitrary.ts";
import { capturedAttack, capturedMistake } from "../fixtures/records.ts";

describe("capturedSchema", () => {
  it("reads back what was written as JSON", () => {
    fc.assert(
      fc.property(arbitraryCaptured, (captured) => {
        const value: unknown = JSON.parse(JSON.stringify(captured));
        expect(capturedSchema.parse(value)).toEqual(captured);
      }),
    );
  });

  it("takes a verdict that was queued before verdicts had a latency and a rationale", () => {
    const verdict = { guardrail: "g", version: "1", side: "output", status: "pass", reason: null };
    const earlier = { ...verdict, score: null, threshold: null, findings: [] };
    const queued = { ...capturedMistake("prj_1").mistake, verdicts: [earlier] };
    const parsed = capturedSchema.parse({ ...capturedMistake("prj_1"), mistake: queued });
    expect(parsed).toMatchObject({
      mistake: { verdicts: [{ ...earlier, latencyMilliseconds: null, rationale: null }] },
    });
  });

  const good = capturedMistake("prj_1");
  const attack = capturedAttack("prj_1");
  it.each<[string, unknown]>([
    ["nothing", null],
    ["a text", JSON.stringify(good)],
    ["an unknown type", { ...good, type: "case" }],
    ["no exchange", { type: good.type, mistake: good.mistake }],
    ["an empty id", { ...good, mistake: { ...good.mistake, id: "" } }],
    ["no project", { ...good, mistake: { ...good.mistake, projectId: "" } }],
    ["an unknown state", { ...good, mistake: { ...good.mistake, state: "done" } }],
    ["an unknown kind", { ...good, mistake: { ...good.mistake, kind: "bad" } }],
    ["an unknown category", { ...good, mistake: { ...good.mistake, categories: ["S15"] } }],
    ["a time that is no number", { ...good, mistake: { ...good.mistake, createdAt: "now" } }],
    ["messages that are none", { ...good, exchange: { inline: { messages: "x", answer: {} } } }],
    ["both a text and an object", { ...good, exchange: { ...good.exchange, objectKey: "key" } }],
    ["an empty object key", { ...good, exchange: { objectKey: "" } }],
    ["an attack without its key", { ...attack, attack: { ...attack.attack, keyId: undefined } }],
    ["a mistake that says it is an attack", { ...good, type: "attack" }],
  ])("refuses %s", (_, poisoned) => {
    expect(capturedSchema.safeParse(poisoned).success).toBe(false);
  });
});
