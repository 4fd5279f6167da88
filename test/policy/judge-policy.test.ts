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

describe("judgeOf", () => {
  it("gives the judge's own keys; one that nobody names is asked always and decides", () => {
    const judges = judgesSchema.parse([{ ...judge, run: "sampled", sample: 0.5 }]);
    expect(judgeOf({ judges }, "judge")).toMatchObject({ run: "sampled", sample: 0.5 });
    expect(judgeOf({ judges }, "other")).toMatchObject({ run: "always", weight: "decide" });
  });
});
