// The operator's own rules: phrases word by word, expressions in RE2, and clear faults.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OperatorRule } from "../../src/policy/policy.ts";
import { createOperatorRulesGuardrail } from "../../src/guardrail/operator-rules.ts";
import { answering, conversationOf } from "./exchange-of.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "./hostile.ts";

function guardrailOf(...rules: readonly OperatorRule[]) {
  const result = createOperatorRulesGuardrail(rules);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function faultsOf(...rules: readonly OperatorRule[]) {
  const result = createOperatorRulesGuardrail(rules);
  return result.ok ? [] : result.error;
}

const refund: OperatorRule = { id: "refund", phrase: "promise a refund", message: "Refunds need a person." };
const finds = (rule: OperatorRule, text: string) =>
  guardrailOf(rule).check(answering(text), "output").status === "flag";

describe("a phrase", () => {
  it.each([
    ["as it is", "We promise a refund."],
    ["in other case", "WE PROMISE A REFUND"],
    ["with other signs between", "promise,\n a — refund"],
    ["with zero-width signs", "promi\u200bse a ref\u00adund"],
    ["with look-alikes", "prоmise a rеfund"],
    ["in leetspeak", "pr0mise a r3fund"],
    ["letter by letter", "p r o m i s e a r e f u n d"],
    ["in base64", btoa("we promise a refund today")],
  ])("is found %s", (_, text) => {
    expect(finds(refund, text)).toBe(true);
  });

  it.each(["We promise a refunding.", "compromise a refund", "promise the refund", "a refund we promise", ""])(
    "is not found in: %s",
    (text) => {
      expect(finds(refund, text)).toBe(false);
    },
  );

  it("is found anywhere in Chinese", () => {
    expect(finds({ id: "zh", phrase: "保证退款", message: "m" }, "我们一定保证退款给您")).toBe(true);
    expect(finds({ id: "zh", phrase: "保证退款", message: "m" }, "我们不保证会退款")).toBe(false);
  });

  it("keeps to its accents and other scripts without getting stricter", () => {
    expect(finds({ id: "fr", phrase: "Remboursé à vie", message: "m" }, "rembourse a vie")).toBe(true);
    expect(finds({ id: "ru", phrase: "вернём деньги", message: "m" }, "Мы ВЕРНЁМ деньги!")).toBe(true);
  });

  it("says rule, category, message and place", () => {
    const text = "Yes: we promise a refund.";
    const { findings } = guardrailOf(refund).check(answering(text), "output");
    expect(findings).toEqual([
      {
        rule: "refund",
        category: "custom:refund",
        message: refund.message,
        span: { location: "content", start: 8, end: 24 },
      },
    ]);
  });

  it("is one of many without being slower for it", () => {
    const many = Array.from({ length: 2000 }, (_, place) => ({
      id: `r${place}`,
      phrase: `number ${place} please`,
      message: "m",
    }));
    const verdict = guardrailOf(...many).check(answering("number 77 please, and number 1999 please"), "output");
    expect(verdict.findings.map(({ rule }) => rule)).toEqual(["r77", "r1999"]);
  });
});

describe("an expression", () => {
  const price: OperatorRule = { id: "price", expression: "\\$[0-9]{3,}", message: "No prices.", category: "incorrect" };

  it("is found, with its place and category", () => {
    const { findings } = guardrailOf(price).check(answering("It costs $250 now."), "output");
    expect(findings).toMatchObject([{ rule: "price", category: "incorrect", span: { start: 9, end: 13 } }]);
  });

  it("ignores case unless told otherwise", () => {
    expect(finds({ id: "e", expression: "acme", message: "m" }, "ACME")).toBe(true);
    expect(finds({ id: "e", expression: "(?-i)acme", message: "m" }, "ACME")).toBe(false);
    expect(finds({ id: "e", expression: "(?-i)ACME", message: "m" }, "ACME")).toBe(true);
  });

  it("sees the text as it stands, and folded", () => {
    expect(finds({ id: "e", expression: "caf\u00e9", message: "m" }, "a caf\u00e9")).toBe(true);
    expect(finds({ id: "e", expression: "refund", message: "m" }, "ref\u200bund")).toBe(true);
    expect(finds({ id: "e", expression: "refund", message: "m" }, btoa("we refund everything"))).toBe(true);
  });
});

describe("sides", () => {
  const exchange = conversationOf(["system", "promise a refund"], ["user", "promise a refund"]);

  it("is the output by default", () => {
    expect(guardrailOf(refund).sides).toEqual(["output"]);
    expect(guardrailOf(refund).check(exchange, "input").status).toBe("pass");
  });

  it("may be the input, without the system prompt", () => {
    const guardrail = guardrailOf({ ...refund, sides: ["input"] });
    expect(guardrail.sides).toEqual(["input"]);
    expect(guardrail.check(exchange, "input").findings.map(({ span }) => span?.location)).toEqual([
      "messages[1].content",
    ]);
    expect(guardrail.check(answering("promise a refund"), "output").status).toBe("pass");
  });

  it("are none without rules", () => {
    expect(guardrailOf().sides).toEqual([]);
  });
});

describe("faults", () => {
  it.each([
    [{ id: "a", expression: "a(", message: "m" }, "rules[0].expression"],
    [{ id: "a", expression: "(?=a)b", message: "m" }, "rules[0].expression"],
    [{ id: "a", expression: "(a)\\1", message: "m" }, "rules[0].expression"],
    [{ id: "a", expression: "a*", message: "m" }, "rules[0].expression"],
    [{ id: "a", expression: "a".repeat(3000), message: "m" }, "rules[0].expression"],
    [{ id: "a", expression: "((a{100}){100}){100}", message: "m" }, "rules[0].expression"],
    [{ id: "a", phrase: "!?", message: "m" }, "rules[0].phrase"],
    [{ id: "a", phrase: "a".repeat(600), message: "m" }, "rules[0].phrase"],
    [{ id: "a", phrase: "x", expression: "x", message: "m" }, "rules[0]"],
    [{ id: "a", message: "m" }, "rules[0]"],
    [{ id: "A b", phrase: "x", message: "m" }, "rules[0].id"],
    [{ id: "a", phrase: "x", message: "m", category: "nonsense" }, "rules[0].category"],
  ] satisfies [OperatorRule, string][])("%o has a fault at %s", (rule, path) => {
    const faults = faultsOf(rule);
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faults[0]?.message).not.toBe("");
  });

  it("are told all together, doubles too", () => {
    const faults = faultsOf({ id: "a", phrase: "!", message: "m" }, refund, refund);
    expect(faults.map(({ path }) => path)).toEqual(["rules[0].phrase", "rules[2].id"]);
  });
});

describe("version", () => {
  it("follows the content, or is given", () => {
    expect(guardrailOf(refund).version).toBe(guardrailOf({ ...refund }).version);
    expect(guardrailOf(refund).version).not.toBe(guardrailOf({ ...refund, phrase: "other" }).version);
    const given = createOperatorRulesGuardrail([refund], "policy-3");
    expect(given.ok && given.value.version).toBe("policy-3");
  });
});

describe("operator rules on any text", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
  const both = guardrailOf(refund, { id: "e", expression: "(a+)+b|x.{0,50}y", message: "m" });

  it("never throw", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        (text) => both.check(answering(text), "output").findings.length >= 0,
      ),
    );
  });

  it("are linear", async () => {
    for (const pattern of ["promise a ", "aaaaaaaa", "x", "promise promise "]) {
      await expectLinear((text) => both.check(answering(text), "output"), pattern);
    }
  });
});
