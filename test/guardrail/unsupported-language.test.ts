// A language that a guardrail can't read: what the policy makes of it.
import { describe, expect, it } from "vitest";
import { createCompilePolicy } from "../../src/guardrail/compiled-policy.ts";
import { shippedEdgeModel } from "../../src/guardrail/edge-classifier/edge-model.ts";
import { HeaderPolicies } from "../../src/guardrail/header-policies.ts";
import { judgesSchema } from "../../src/policy/judge-policy.ts";
import { judgeKeys } from "../fakes/judge-keys.ts";
import { scoredClassifier } from "../fakes/scored-classifier.ts";
import { scriptedJudge, type ScriptedJudge } from "../fakes/scripted-judge.ts";
import { decide } from "../../src/guardrail/decide.ts";
import { escalates, isUnsupported, UNSUPPORTED_LANGUAGE } from "../../src/guardrail/unsupported-language.ts";
import { failed, judged, skipped } from "../../src/guardrail/verdicts.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../setup/event-stream.ts";
import { watchStream } from "../setup/guarded-stream.ts";

const IDENTITY = { id: "one", version: "1" };
const UNREAD = skipped(IDENTITY, "output", UNSUPPORTED_LANGUAGE);
const NONE = { fast: [], slow: [] };

it("is told by the reason of a skipped check alone", () => {
  const others = [skipped(IDENTITY, "output", "empty"), failed(IDENTITY, "output", UNSUPPORTED_LANGUAGE)];
  expect([UNREAD, ...others, judged(IDENTITY, "output", [])].map(isUnsupported)).toEqual([true, false, false, false]);
});

it.each([
  ["allow", "allow", false],
  ["escalate", "allow", true],
  ["block", "block", false],
] as const)("under %s is decided as %s, and a judge is asked: %s", (choice, action, isAsked) => {
  const policy = { ...DEFAULT_POLICY, on_unsupported_language: choice };
  expect(decide(policy, [UNREAD], NONE)).toEqual({ action });
  expect(escalates(policy, [UNREAD], "output")).toBe(isAsked);
  expect(escalates(policy, [judged(IDENTITY, "output", [])], "output")).toBe(false);
});

describe("under escalate", () => {
  const run = { run: "sampled", sample: 0 } as const;
  const flags = { flags: () => true, category: "S9" as const };
  const TEXT = "Dobrý den. ".repeat(60);

  async function watch(
    choice: "allow" | "escalate",
    judge: ScriptedJudge,
    answer: string,
  ): ReturnType<typeof watchStream> {
    return await watchStream({
      answers: [
        streams(
          scriptedBody([...(answer.match(/.{1,10}/gs) ?? []).map(chunkOf), "[DONE]"].map((event) => eventText(event))),
        ),
      ],
      fast: [scoredClassifier()],
      slow: [judge],
      policy: { on_unsupported_language: choice, judges: [judgeKeys({ ...run, first_window_characters: 50 })] },
    });
  }

  it.each([
    ["a short answer", "Dobrý den.", 10],
    ["a long one, from the first look on", TEXT, 410],
  ])("a judge that is only sampled is asked about %s, and its word counts", async (_, answer, most) => {
    const [judge, unasked] = [scriptedJudge(flags), scriptedJudge(flags)];
    const { choices } = await watch("escalate", judge, answer);
    expect(choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
    expect(choices[0]?.texts["content"]?.length ?? 0).toBeLessThanOrEqual(most);
    expect(judge.read.length).toBeGreaterThan(0);
    expect((await watch("allow", unasked, answer)).choices).toMatchObject([{ texts: { content: answer } }]);
    expect(unasked.read).toEqual([]);
  });

  it("a judge is asked about a request, and a screen is believed", async () => {
    const judge = scriptedJudge({ ...flags, sides: ["input"] });
    const band = { ...DEFAULT_POLICY.classifier, input_uncertain_from: null };
    const judges = [judgeKeys({ ...run, weight: "screen" })];
    const scene = (choice: "allow" | "escalate"): ReturnType<typeof watchStream> =>
      watchStream({
        answers: [streams(scriptedBody([eventText(chunkOf("score 0.1"), "[DONE]")]))],
        ...{ fast: [scoredClassifier()], slow: [judge] },
        policy: {
          ...{ on_unsupported_language: choice, classifier: band, judges },
          actions: { ...DEFAULT_POLICY.actions, input: { default: "block" } },
        },
      });
    expect((await scene("escalate")).refused).toMatchObject({ status: 400, code: "content_filter" });
    expect(judge.read).toHaveLength(1);
    expect((await scene("allow")).refused).toBeNull();
    expect(judge.read).toHaveLength(1);
  });

  it("a header that asks for it where no judge reads for harm is refused with the path", () => {
    const compile = createCompilePolicy((length) => new Uint8Array(length), shippedEdgeModel);
    const headers = new HeaderPolicies(compile, () => 0, shippedEdgeModel);
    const under = (judges: readonly object[]): unknown => {
      const base = compile({ ...DEFAULT_POLICY, version: `v${judges.length}`, judges: judgesSchema.parse(judges) });
      if (!base.ok) throw new Error("it compiles");
      return headers.under("prj_1", base.value, JSON.stringify({ on_unsupported_language: "escalate" }));
    };
    const refused = { ok: false, error: { details: { faults: [{ path: "on_unsupported_language" }] } } };
    expect(under([])).toMatchObject(refused);
    const contradiction = { type: "self_contradiction", id: "again" };
    expect(under([contradiction])).toMatchObject(refused);
    expect(under([contradiction, { type: "self_check", id: "check", sides: ["output"] }])).toMatchObject({ ok: true });
  });
});

it("under block lets nothing of a stream leave before it is known", async () => {
  const guardrail = {
    ...IDENTITY,
    sides: ["output" as const],
    categories: ["S1"],
    check: () => UNREAD,
    glimpse: (piece: { readonly text: string }) => ({ findings: [], openFrom: piece.text.length }),
  };
  const watch = async (choice: "allow" | "block"): ReturnType<typeof watchStream> =>
    await watchStream({
      answers: [streams(scriptedBody([eventText(chunkOf("Dobrý "), chunkOf("den."), "[DONE]")]))],
      fast: [guardrail],
      policy: { on_unsupported_language: choice },
    });
  expect((await watch("allow")).choices).toMatchObject([{ texts: { content: "Dobrý den." } }]);
  const { choices } = await watch("block");
  expect(choices).toMatchObject([{ finishReason: "content_filter" }]);
  expect(choices[0]?.texts["content"] ?? "").toBe("");
});
