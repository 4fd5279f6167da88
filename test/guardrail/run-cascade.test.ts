// The cascade over one side: who is asked, who is not and why, deadlines of their own and a budget together.
import { describe, expect, it } from "vitest";
import type { Exchange } from "../../src/guardrail/exchange.ts";
import type { FastGuardrail, SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import { JudgeBudget } from "../../src/guardrail/judge-budget.ts";
import { type Cascade, runCascade } from "../../src/guardrail/run-cascade.ts";
import type { Side, Verdict } from "../../src/guardrail/verdict.ts";
import type { Judge } from "../../src/policy/judge-policy.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";
import { callOf } from "../fakes/guardrail-call.ts";
import { judgeKeys } from "../fakes/judge-keys.ts";
import { brokenGuardrail, phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { scoredClassifier } from "../fakes/scored-classifier.ts";
import { scriptedJudge, type ScriptedJudge } from "../fakes/scripted-judge.ts";
import { ScriptedModel } from "../fakes/scripted-model.ts";

function exchangeOf(text: string): Exchange {
  return {
    conversation: [{ role: "user", text, location: "messages[0].content" }],
    answer: [{ role: "assistant", text, location: "content" }],
    guidance: [],
  };
}

interface Scene {
  readonly text?: string;
  readonly side?: Side;
  readonly fast?: readonly FastGuardrail[];
  readonly slow?: readonly SlowGuardrail[];
  readonly judge?: Partial<Judge>;
  readonly policy?: Partial<Policy>;
  readonly cascade?: Partial<Cascade>;
}

const both = { sides: ["input", "output"] as const };

async function statuses(scene: Scene): Promise<readonly string[]> {
  const { text = "score 0.1", side = "output", fast = [scoredClassifier()], slow = [scriptedJudge(both)] } = scene;
  const policy: Policy = {
    ...DEFAULT_POLICY,
    classifier: { ...DEFAULT_POLICY.classifier, input_uncertain_from: 0.5, output_uncertain_from: 0.5 },
    judges: slow.map(({ id }) => judgeKeys({ run: "uncertain", ...scene.judge, id })),
    ...scene.policy,
  };
  const call = callOf(new ScriptedModel("Hello."));
  const cascade = { guardrails: { fast, slow }, policy, call, draw: 0.5, ...scene.cascade };
  const verdicts = await runCascade(cascade, exchangeOf(text), side);
  const told = ({ status, reason }: Verdict): string => (reason === null ? status : `${status} ${reason}`);
  return verdicts.filter(({ guardrail }) => guardrail.startsWith("judge")).map(told);
}

describe("a judge", () => {
  it.each<[string, Scene, readonly string[]]>([
    ["is not asked below the band", { text: "score 0.49" }, ["skipped certain"]],
    ["is asked in the band", { text: "score 0.5" }, ["pass"]],
    ["is asked on the input by the input's score", { text: "score 0.6", side: "input" }, ["pass"]],
    ["is asked in a language that the classifier can't read", { text: "Guten Tag" }, ["pass"]],
    ["is asked where no classifier is", { fast: [] }, ["pass"]],
    ["is not asked where the classifier blocks", { text: "score 0.9" }, ["skipped already_decided"]],
    [
      "is not asked where a rule blocks",
      { text: "bad score 0.6", fast: [scoredClassifier(), phraseGuardrail("bad", "S1")] },
      ["skipped already_decided"],
    ],
    [
      "is not asked where a guardrail failed that nothing may pass",
      { text: "score 0.6", fast: [scoredClassifier(), brokenGuardrail(["output"])] },
      ["skipped already_decided"],
    ],
    [
      "is asked where the classifier failed and the policy fails open",
      { fast: [brokenGuardrail(["output"], "edge-classifier")], policy: { on_guardrail_error: "open" } },
      ["pass"],
    ],
    [
      "is asked where the classifier's flag only annotates",
      { text: "score 0.9", policy: { actions: { ...DEFAULT_POLICY.actions, output: { default: "annotate" } } } },
      ["pass"],
    ],
    [
      "is not asked about an input that is refused, since nothing can be cut out of it",
      {
        text: "bad score 0.6",
        side: "input",
        fast: [scoredClassifier(), phraseGuardrail("bad", "S1", { sides: ["input"] })],
        policy: { actions: { ...DEFAULT_POLICY.actions, input: { default: "redact" } } },
      },
      ["skipped already_decided"],
    ],
    ["is asked always if the policy says so", { judge: { run: "always" } }, ["pass"]],
    ["is asked by chance beside the band", { judge: { sample: 0.6 } }, ["pass"]],
    [
      "is asked by chance alone",
      { text: "score 0.6", judge: { run: "sampled", sample: 0.4 } },
      ["skipped not_sampled"],
    ],
    ["that has begun is asked at the end too", { cascade: { begun: new Set(["judge"]) } }, ["pass"]],
    [
      "is not asked by score where there is no band",
      { text: "score 0.6", policy: { classifier: { ...DEFAULT_POLICY.classifier, output_uncertain_from: null } } },
      ["skipped no_band"],
    ],
    ["of the other side is not there", { slow: [scriptedJudge({ sides: ["input"] })] }, []],
  ])("%s", async (_, scene, expected) => {
    await expect(statuses(scene)).resolves.toEqual(expected);
  });

  it("is asked with others at once, each under its own deadline", async () => {
    const hanging: SlowGuardrail = {
      ...scriptedJudge(),
      id: "judge-hanging",
      check: async () => await new Promise<never>(() => undefined),
    };
    const judges = [
      judgeKeys({ id: "judge-hanging", timeout_milliseconds: 50 }),
      judgeKeys({ id: "judge", timeout_milliseconds: 5_000 }),
    ];
    const slow = [hanging, scriptedJudge({ milliseconds: 100 })];
    const [late, inTime] = await statuses({ slow, policy: { judges } });
    expect(late).toContain("error TimeoutError");
    expect(inTime).toBe("pass");
  });

  it("is an error where the request's budget is used up", async () => {
    const others = ["judge-a", "judge-b", "judge-c"].map((id): ScriptedJudge => ({ ...scriptedJudge(), id }));
    const call = { ...callOf(new ScriptedModel("")), budget: new JudgeBudget({ checks: 2, milliseconds: 1_000 }) };
    const said = await statuses({ slow: others, judge: { run: "always" }, cascade: { call } });
    expect(said).toEqual(["pass", "pass", "error the judges' budget of this request is used up"]);
    expect(others.map(({ read }) => read.length)).toEqual([1, 1, 0]);
  });
});
