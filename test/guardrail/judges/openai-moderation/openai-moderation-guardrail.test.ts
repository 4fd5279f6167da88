// OpenAI's moderation as a judge: its contract, its thresholds, and what is no moderation.
import { describe, expect, it } from "vitest";
import { createOpenAIModerationGuardrail } from "../../../../src/guardrail/judges/openai-moderation/openai-moderation-guardrail.ts";
import { readModeration } from "../../../../src/guardrail/judges/openai-moderation/read-moderation.ts";
import { judgeContract, UPSTREAM } from "../../../contract/judge.ts";
import { callOf } from "../../../fakes/guardrail-call.ts";
import { GuardrailServer } from "../../../fakes/guardrail-server.ts";
import documented from "../../../fixtures/judges/openai-moderation.json" with { type: "json" };
import { answering } from "../../exchange-of.ts";

const [result] = documented.flagged.results;
const NONE = { labels: {}, categories: {} };

function changed(changes: object): unknown {
  return { ...documented.flagged, results: [{ ...result, ...changes }] };
}

const SAFE = changed({
  flagged: false,
  categories: Object.fromEntries(Object.keys(result?.categories ?? {}).map((label) => [label, false])),
});

judgeContract({
  name: "OpenAI's moderation",
  judge: createOpenAIModerationGuardrail({
    ...{ id: "moderation", sides: ["input", "output"], upstream: UPSTREAM, model: null },
    thresholds: NONE,
  }),
  safe: { input: SAFE, output: SAFE },
  flagged: { input: documented.flagged, output: documented.flagged },
  categories: documented.categories,
  hasSpeakers: false,
  unclear: {
    "no result": { ...documented.flagged, results: [] },
    "two results": { ...documented.flagged, results: [result, result] },
    "a category that does not exist": changed({ categories: { ...result?.categories, rudeness: true } }),
    "a score of one that does not exist": changed({ category_scores: { ...result?.category_scores, rudeness: 1 } }),
    "no categories": changed({ flagged: false, categories: {}, category_scores: {} }),
    "a flag without a category": changed({ flagged: true, categories: { ...result?.categories, violence: false } }),
    "a category without a flag": changed({ flagged: false }),
    "a flag that is a text": changed({ flagged: "false" }),
    "a score above one": changed({ category_scores: { ...result?.category_scores, violence: 86 } }),
    "a missing score": changed({ category_scores: { violence: 0.9 } }),
    "an error in a 200": { error: { message: "overloaded" } },
  },
});

describe("the thresholds", () => {
  it("go before OpenAI's own flag, the policy's by category before the judge's by label", () => {
    const read = (thresholds: typeof NONE) => readModeration(documented.flagged, "output", thresholds);
    expect(read(NONE)).toMatchObject({ value: { score: { score: 0.8599265510337075, threshold: null } } });
    expect(read({ ...NONE, labels: { violence: 0.9, "violence/graphic": 0.9 } })).toMatchObject({
      value: { findings: [], score: { score: 0.8599265510337075, threshold: 0.9 } },
    });
    expect(read({ labels: { violence: 0.9 }, categories: { S1: 0.8 } })).toMatchObject({
      value: { findings: [{ category: "S1" }], score: { threshold: 0.8 } },
    });
    expect(read({ ...NONE, labels: { violence: 0.9, harassment: 0.001 } })).toMatchObject({
      value: { findings: [{ category: "offensive" }], score: { score: 0.0011643905680426018, threshold: 0.001 } },
    });
  });

  it("may have no score of what older models do not judge", () => {
    const categories = { ...result?.categories, illicit: null, "illicit/violent": null };
    const scores = { ...result?.category_scores, illicit: null, "illicit/violent": null };
    expect(readModeration(changed({ categories, category_scores: scores }), "output", NONE).ok).toBe(true);
    const half = changed({ categories: { ...result?.categories, sexual: null } });
    expect(readModeration(half, "output", NONE).ok).toBe(false);
  });
});

it("sends the judged text alone, to /moderations", async () => {
  const server = new GuardrailServer({ says: SAFE });
  const judge = createOpenAIModerationGuardrail({
    ...{ id: "moderation", sides: ["output"], upstream: UPSTREAM, model: null, thresholds: NONE },
  });
  const find = async () => await Promise.resolve(server);
  await judge.check(answering("Use a key."), "output", callOf(server.chat, [], undefined, find));
  expect(server.posts).toEqual([
    { path: "/moderations", proof: "bearer", body: { model: "omni-moderation-latest", input: "Use a key." } },
  ]);
});
