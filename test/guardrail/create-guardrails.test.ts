// All guardrails of a policy together, on texts of the largest size that a request may have.
import { describe, expect, it } from "vitest";
import { createGuardrails } from "../../src/guardrail/create-guardrails.ts";
import type { Exchange } from "../../src/guardrail/exchange.ts";
import { runFastGuardrail } from "../../src/guardrail/run-guardrails.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { answering, conversationOf } from "./exchange-of.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "./hostile.ts";

const LARGEST_UNITS = 8_000_000;
const created = createGuardrails({
  ...DEFAULT_POLICY,
  operator_rules: [{ id: "refund", phrase: "promise a refund", message: "m", sides: ["input", "output"] }],
});

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
