// From a judge of the policy to its guardrail: every type, and what the policy's own thresholds do.
import { describe, expect, it } from "vitest";
import { createJudge } from "../../src/guardrail/create-judge.ts";
import type { SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import { judgesSchema } from "../../src/policy/judge-policy.ts";
import { callOf } from "../fakes/guardrail-call.ts";
import { GuardrailServer } from "../fakes/guardrail-server.ts";
import documented from "../fixtures/judges/openai-moderation.json" with { type: "json" };
import { answering } from "./exchange-of.ts";

const randomBytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const COMMON = { id: "judge", sides: ["output"], upstream: "guard" };
const WRITTEN = { instructions: "No prices.", violates: ["A price."], categories: ["custom:prices"] };

function make(keys: object, thresholds?: Readonly<Record<string, number>>): SlowGuardrail | string {
  const [judge] = judgesSchema.parse([{ ...COMMON, ...keys }]);
  if (judge === undefined) return "no judge";
  const made = createJudge(judge, randomBytes, thresholds);
  return made.ok ? made.value : `${made.error.key} ${made.error.message}`;
}

describe("createJudge", () => {
  it.each<[object, string, string]>([
    [{ type: "self_check", upstream: null }, "2026", "custom:harmful"],
    [{ type: "written_policy", ...WRITTEN }, "written-policy-", "custom:prices"],
    [{ type: "llama_guard" }, "llama-guard-", "S14"],
    [{ type: "qwen3guard" }, "qwen3guard-", "prompt_attack"],
    [{ type: "openai_moderation" }, "openai-moderation-", "offensive"],
    [{ type: "http" }, "http-", "custom:*"],
  ])("makes %j", (keys, version, category) => {
    const made = make(keys);
    expect(made).toMatchObject({ id: "judge", sides: ["output"] });
    expect(typeof made === "string" ? made : made.version).toContain(version);
    expect(typeof made === "string" ? [] : made.categories).toContain(category);
  });

  it("makes no self-check that asks another model than the deployed one", () => {
    expect(make({ type: "self_check" })).toBe("upstream is not known to this type of judge");
  });

  it("lets no model's name lead out of Workers AI's path, which is asked with the operator's key", () => {
    const guard = { type: "llama_guard", format: "workers_ai" };
    const models = ["../../user/tokens", "@cf/../../x", "a?b", "a#b", "a\\..\\b", "%2e%2e/a", "/a", "a//b"];
    expect(models.filter((model) => typeof make({ ...guard, model }) !== "string")).toEqual([]);
    expect(make({ ...guard, model: "../x" })).toBe("model is no name of a model at Workers AI");
    expect(make({ ...guard, model: "@cf/meta/llama-guard-3-8b" })).toMatchObject({ id: "judge" });
    expect(make({ type: "llama_guard", model: "org/guard:8b" })).toMatchObject({ id: "judge" });
  });

  it("holds a moderation against the policy's thresholds", async () => {
    const server = new GuardrailServer({ says: documented.flagged });
    const call = callOf(server.chat, [], undefined, async () => await Promise.resolve(server));
    const statuses = await Promise.all(
      [undefined, { S1: 0.9 }].map(async (thresholds) => {
        const made = make({ type: "openai_moderation" }, thresholds);
        return typeof made === "string" ? made : (await made.check(answering("a"), "output", call)).status;
      }),
    );
    expect(statuses).toEqual(["flag", "pass"]);
  });
});
