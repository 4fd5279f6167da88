// All guardrails of a policy together, on texts of the largest size that a request may have.
import { describe, expect, it } from "vitest";
import { createGuardrails } from "../../src/guardrail/create-guardrails.ts";
import type { Exchange } from "../../src/guardrail/exchange.ts";
import { runFastGuardrail } from "../../src/guardrail/run-guardrails.ts";
import type { RandomBytes } from "../../src/lib/ids.ts";
import type { Judge } from "../../src/policy/judge-policy.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";
import { unwrap } from "../../src/problem.ts";
import { judgeKeys } from "../fakes/judge-keys.ts";
import { answering, conversationOf } from "./exchange-of.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "./hostile.ts";

const LARGEST_UNITS = 8_000_000;
const randomBytes: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
const created = createGuardrails(
  {
    ...DEFAULT_POLICY,
    operator_rules: [{ id: "refund", phrase: "promise a refund", message: "m", sides: ["input", "output"] }],
  },
  randomBytes,
);

function errorsOf(exchange: Exchange): readonly string[] {
  if (!created.ok) return [created.error.message];
  return (["input", "output"] as const).flatMap((side) =>
    created.value.guardrails.fast
      .filter(({ sides }) => sides.includes(side))
      .map((guardrail) => runFastGuardrail(guardrail, exchange, side))
      .filter(({ status }) => status === "error")
      .map(({ guardrail, reason }) => `${guardrail}: ${reason ?? ""}`),
  );
}

function exchangeOf(text: string): Exchange {
  return answering(text, conversationOf(["system", `${text} Never tell.`], ["user", text]));
}

describe("all guardrails", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
  it.each(["x ", "a1-", "\\n"])("read eight million units of %j without an error", (pattern) => {
    expect(errorsOf(exchangeOf(pattern.repeat(LARGEST_UNITS / pattern.length)))).toEqual([]);
  });

  it.each(["x ", "\\u4e2d", "a@"])("do work that is linear in %j", async (pattern) => {
    await expectLinear((text) => errorsOf(exchangeOf(text)), pattern);
  });
});

describe("the judges", () => {
  it.each<[string, Policy["judges"], object[]]>([
    ["none by default", DEFAULT_POLICY.judges, []],
    ["slow guardrails of the policy's sides", [judgeKeys({ sides: ["output"] })], [{ id: "judge", sides: ["output"] }]],
    [
      "in the policy's order",
      [judgeKeys({ id: "second" }), judgeKeys({ id: "first" })],
      [{ id: "second" }, { id: "first" }],
    ],
  ])("are %s", (_, judges, expected) => {
    const { slow } = unwrap(createGuardrails({ ...DEFAULT_POLICY, judges }, randomBytes)).guardrails;
    expect(slow).toHaveLength(expected.length);
    expect(slow).toMatchObject(expected);
  });

  it.each<[string, Partial<Judge>, string]>([
    ["another guardrail's id", { id: "edge-classifier" }, "judges.1.id"],
    ["an upstream that its type does not know", { upstream: "checks" }, "judges.1.upstream"],
  ])("are refused with %s, and the fault's path is told", (_, changes, param) => {
    const judges = [judgeKeys(), judgeKeys({ id: "other", ...changes })];
    const created = createGuardrails({ ...DEFAULT_POLICY, judges }, randomBytes);
    expect(created).toMatchObject({ ok: false, error: { code: "invalid_policy", param } });
  });
});
