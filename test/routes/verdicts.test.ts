// GET /v1/verdicts/{id}: why, for reviewers, out of what is stored.
import { expect, it } from "vitest";
import { z } from "zod";
import type { Verdict } from "../../src/guardrail/verdict.ts";
import { WEIGHTS } from "../../src/guardrail/edge-classifier/weights.ts";
import { capturedAttack, capturedMistake, exchangeOf } from "../fixtures/records.ts";
import { ANSWER, anyNumber, newCaller } from "./fixtures.ts";

const HOSTILE = `<script>alert(1)</script>"'{{x}}\u2028`;

it("tells where a mistake was flagged, and what the policy does about it", async () => {
  const caller = await newCaller();
  const id = await caller.makeMistake();
  const { status, body } = await caller.json(`/v1/verdicts/${id}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id,
    object: "verdict_report",
    subject: "mistake",
    action: "block",
    policy_version: "default-2",
    policy_as: "then",
    created_at: anyNumber,
    categories: [{ side: "output", category: "custom:refund", action: "block" }],
    nearest_benign: null,
    overruled_by: null,
  });
  const { verdicts } = z
    .looseObject({ verdicts: z.array(z.looseObject({ findings: z.array(z.unknown()) })) })
    .parse(body);
  expect(verdicts[1]).toMatchObject({
    guardrail: "phrase-custom:refund",
    side: "output",
    status: "flag",
    ngrams: null,
    ngrams_missing: null,
    findings: [
      {
        rule: "phrase",
        category: "custom:refund",
        action: "block",
        excerpt: { before: "You get a ", match: "full refund", after: " today." },
      },
    ],
  });
});

it("tells of an attack by the id that the client was told, with a stranger's text as plain JSON", async () => {
  const caller = await newCaller();
  const content = `${HOSTILE} open sesame ${HOSTILE}`;
  const reply = await caller.gateway.chat(
    { model: "stub-model", messages: [{ role: "user", content }] },
    { key: caller.key },
  );
  const { error } = z
    .looseObject({ error: z.looseObject({ setback: z.looseObject({ attack_id: z.string() }) }) })
    .parse(await reply.json());
  await caller.gateway.drainCaptures();
  const shown = await caller.ask(`/v1/verdicts/${error.setback.attack_id}`);
  expect(shown.headers.get("content-type")).toBe("application/json");
  expect(await shown.json()).toMatchObject({
    subject: "attack",
    verdicts: [{ findings: [{ excerpt: { before: `${HOSTILE} `, match: "open sesame", after: ` ${HOSTILE}` } }] }],
  });
});

it("names the n-grams that weighed most, while the weights of the verdict are in use", async () => {
  const caller = await newCaller();
  const verdict: Verdict = {
    guardrail: "edge-classifier",
    version: WEIGHTS.version,
    side: "output",
    status: "flag",
    reason: null,
    score: 0.9,
    threshold: 0.5,
    latencyMilliseconds: null,
    rationale: null,
    findings: [{ rule: "edge-classifier", category: "custom:harmful", span: null, message: "m" }],
  };
  const [now, gone] = [
    capturedMistake(caller.projectId, { verdicts: [verdict], provenance: provenance("req_a") }),
    capturedMistake(caller.projectId, { verdicts: [{ ...verdict, version: "edge-0" }] }),
  ];
  await caller.gateway.services.mistakes.insertCaptured([now, gone]);
  const ngramSchema = z.looseObject({
    verdicts: z.tuple([z.looseObject({ ngrams: z.array(z.looseObject({ text: z.string(), weight: z.number() })) })]),
  });
  const { verdicts } = ngramSchema.parse((await caller.json(`/v1/verdicts/${now.mistake.id}`)).body);
  expect(verdicts[0].ngrams).toHaveLength(12);
  expect(verdicts[0]).toMatchObject({ score: 0.9, threshold: 0.5, ngrams_missing: null });
  expect((await caller.json(`/v1/verdicts/${gone.mistake.id}`)).body).toMatchObject({
    verdicts: [{ ngrams: null, ngrams_missing: "The weights edge-0 are not in use any more." }],
  });
});

function provenance(requestId: string) {
  return { ...capturedMistake("prj_any").mistake.provenance, requestId };
}

it("finds the nearest exchange that people called harmless, and none of the same request", async () => {
  const caller = await newCaller();
  const id = await caller.makeMistake("Can I return my lamp?");
  const make = async (prompt: string, answer: string, requestId: string): Promise<string> => {
    const made = capturedMistake(
      caller.projectId,
      { state: "dismissed", provenance: provenance(requestId) },
      exchangeOf(prompt, answer),
    );
    await caller.gateway.services.mistakes.insertCaptured([made]);
    return made.mistake.id;
  };
  const near = await make("Can I return my table?", ANSWER, "req_near");
  await make("What is the weather like?", "Rain.", "req_far");
  const { body } = await caller.json(`/v1/verdicts/${id}`);
  expect(body).toMatchObject({
    nearest_benign: { mistake_id: near, prompt: "Can I return my table?", answer: ANSWER },
  });
  const overruled = await caller.json(`/v1/mistakes/${id}/overrule`, { body: { scope: "exchange", comment: "Fine." } });
  expect(overruled.status).toBe(201);
  expect((await caller.json(`/v1/verdicts/${id}`)).body).toMatchObject({
    nearest_benign: { mistake_id: near },
    overruled_by: z.looseObject({ id: z.string() }).parse(overruled.body).id,
  });
});

it("says whose actions it tells where the policy's version is gone, and knows no other id or project", async () => {
  const [caller, stranger] = [await newCaller(), await newCaller()];
  const attack = capturedAttack(caller.projectId, { policyVersion: "pol_gone" });
  await caller.gateway.services.mistakes.insertCaptured([attack]);
  const path = `/v1/verdicts/${attack.attack.id}`;
  expect((await caller.json(path)).body).toMatchObject({ policy_version: "pol_gone", policy_as: "now" });
  expect((await stranger.json(path)).status).toBe(404);
  expect((await caller.json("/v1/verdicts/mis_nothing")).status).toBe(404);
});
