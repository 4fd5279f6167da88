// The judges of a policy: what they have in common, and what is refused.
import { describe, expect, it } from "vitest";
import { judgeOf, judgesSchema } from "../../src/policy/judge-policy.ts";

const judge = { type: "self_check", id: "judge", sides: ["output"] };

describe("judgesSchema", () => {
  it("asks in the uncertain band alone, and takes the deployed model's word for a screen, unless it says otherwise", () => {
    expect(judgesSchema.parse([judge])).toEqual([
      {
        ...judge,
        run: "uncertain",
        sample: 0,
        weight: "screen",
        input: "before",
        first_window_characters: 400,
        timeout_milliseconds: 10_000,
        on_timeout: "hold",
        on_unread: "error",
        upstream: null,
        model: null,
      },
    ]);
  });

  it.each<[string, object[]]>([
    ["0", [{ ...judge, name: "unknown key" }]],
    ["0.type", [{ ...judge, type: "oracle" }]],
    ["0.id", [{ ...judge, id: "Judge!" }]],
    ["0.sides", [{ ...judge, sides: [] }]],
    ["0.run", [{ ...judge, run: "sometimes" }]],
    ["0.sample", [{ ...judge, sample: 1.1 }]],
    ["0.weight", [{ ...judge, weight: "heavy" }]],
    ["0.timeout_milliseconds", [{ ...judge, timeout_milliseconds: 0 }]],
    ["1.id", [judge, judge]],
    ["", ["a", "b", "c", "d", "e"].map((id) => ({ ...judge, id }))],
  ])("refuses what is wrong at %j", (path, judges) => {
    const parsed = judgesSchema.safeParse(judges);
    expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });
});

describe("a judge with a server of its own", () => {
  const guard = { id: "guard", sides: ["input"], upstream: "the-guard" };
  const written = { ...guard, type: "written_policy", instructions: "No prices.", violates: ["A price."] };
  const categories = ["custom:prices"];

  it.each([
    [{ type: "llama_guard" }, { format: "messages" }],
    [{ type: "qwen3guard" }, { format: "messages", controversial: "flag" }],
    [{ type: "openai_moderation" }, { thresholds: {} }],
    [{ type: "http" }, { labels: "setback" }],
    [
      { ...written, categories },
      { definitions: [], safe: [], examples: [], minimum_confidence: "low", max_answer_tokens: 1_000 },
    ],
  ])("has its defaults: %j", (keys, defaults) => {
    const [parsed] = judgesSchema.parse([{ ...guard, ...keys }]);
    expect(parsed).toMatchObject({ ...guard, ...keys, ...defaults, weight: "decide", run: "uncertain" });
  });

  it.each<[string, object]>([
    ["0.upstream", { ...guard, type: "llama_guard", upstream: null }],
    ["0.upstream", { ...guard, type: "http", upstream: undefined }],
    ["0.format", { ...guard, type: "llama_guard", format: "chat" }],
    ["0.format", { ...guard, type: "qwen3guard", format: "workers_ai" }],
    ["0.controversial", { ...guard, type: "qwen3guard", controversial: "ignore" }],
    ["0.thresholds", { ...guard, type: "openai_moderation", thresholds: { rudeness: 0.5 } }],
    ["0.thresholds.violence", { ...guard, type: "openai_moderation", thresholds: { violence: 1.5 } }],
    ["0.labels", { ...guard, type: "http", labels: "perspective" }],
    ["0", { ...guard, type: "http", url: "https://else.test" }],
    ["0.categories", { ...written, categories: [] }],
    ["0.categories.0", { ...written, categories: ["prices"] }],
    ["0.violates", { ...written, categories, violates: [] }],
    ["0.instructions", { ...written, categories, instructions: "" }],
    ["0.examples.0.violation", { ...written, categories, examples: [{ text: "a", violation: "yes" }] }],
  ])("is refused for what is wrong at %j", (path, judge) => {
    const parsed = judgesSchema.safeParse([judge]);
    expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });

  it("may ask the deployed model to read a written policy", () => {
    expect(judgesSchema.safeParse([{ ...written, categories, upstream: null }]).success).toBe(true);
  });
});

describe("judgeOf", () => {
  it("gives the judge's own keys; one that nobody names is asked always and decides", () => {
    const judges = judgesSchema.parse([{ ...judge, run: "sampled", sample: 0.5 }]);
    expect(judgeOf({ judges }, "judge")).toMatchObject({ run: "sampled", sample: 0.5 });
    expect(judgeOf({ judges }, "other")).toMatchObject({ run: "always", weight: "decide" });
  });
});
