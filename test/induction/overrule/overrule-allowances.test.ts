// What an overrule allows: what was flagged, and never another rule, category, guardrail, prompt or phrase.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyAllowances, promptHash } from "../../../src/guardrail/allowance.ts";
import type { Finding, Verdict } from "../../../src/guardrail/verdict.ts";
import { judged } from "../../../src/guardrail/verdicts.ts";
import { overruleAllowances } from "../../../src/induction/overrule/overrule-allowances.ts";
import { withheldFindings } from "../../../src/induction/overrule/withheld-findings.ts";
import { exchangeOf } from "../../../src/generation/exchange-of.ts";
import type { FlaggedExchange } from "../../../src/mistake/flagged-exchange.ts";
import type { Allowance } from "../../../src/policy/allowance-schema.ts";
import type { Category } from "../../../src/policy/category.ts";
import { type OverruleScope, OVERRULE_SCOPES } from "../../../src/policy/overrule.ts";
import { DEFAULT_POLICY } from "../../../src/policy/policy.ts";

const ANSWER = "One two three four five six.";
const WORDS = ["One", "two", "three", "four", "five"];

function flagged(verdicts: readonly Verdict[], prompt = "Count."): FlaggedExchange {
  return {
    ...{ id: "mis_1", side: "output", action: "block", verdicts, policyVersion: "1", keyId: "key_1", requestId: "r" },
    messages: [{ role: "user", content: prompt }],
    answer: { role: "assistant", content: ANSWER },
    createdAt: 0,
  };
}

async function allowancesOf(subject: FlaggedExchange, scope: OverruleScope): Promise<readonly Allowance[]> {
  const terms = { id: "ovr_1", scope, keyIds: null, expiresAt: 1_000 };
  const made = await overruleAllowances(subject, withheldFindings(subject, DEFAULT_POLICY), terms);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

const finding: fc.Arbitrary<Finding> = fc.record({
  rule: fc.constantFrom("r1", "r2", "r3"),
  category: fc.constantFrom<Category[]>("S1", "S10", "custom:a", "offensive"),
  span: fc.constantFrom(...WORDS).map((word) => {
    const start = ANSWER.indexOf(word);
    return { location: "content", start, end: start + word.length };
  }),
  message: fc.constant("m"),
});
const verdict = fc
  .record({ id: fc.constantFrom("one", "two"), findings: fc.array(finding, { minLength: 1, maxLength: 4 }) })
  .map(({ id, findings }) => judged({ id, version: "1" }, "output", findings));

const keyOf = (guardrail: string, { rule, category, span }: Finding, scope: OverruleScope): string => {
  const phrase = span === null ? "" : ANSWER.slice(span.start, span.end);
  return JSON.stringify([
    guardrail,
    category,
    ...(scope === "exchange" ? [] : [rule]),
    ...(scope === "phrase" ? [phrase] : []),
  ]);
};

describe("an overrule", () => {
  it.each(OVERRULE_SCOPES)("by %s covers what was withheld and lets nothing else through", async (scope) => {
    await fc.assert(
      fc.asyncProperty(fc.array(verdict, { minLength: 1, maxLength: 2 }), verdict, async (known, other) => {
        const subject = flagged(known);
        const allowances = await allowancesOf(subject, scope);
        const meant = new Set(
          withheldFindings(subject, DEFAULT_POLICY).map((each) => keyOf(each.guardrail, each.finding, scope)),
        );
        const context = { keyId: "key_9", now: 0, promptHash: await promptHash("Count.") };
        const exchange = exchangeOf(subject.messages, subject.answer, []);
        for (const each of [...known, other]) {
          const left = applyAllowances([each], exchange, allowances, context)[0]?.findings;
          expect(left).toEqual(each.findings.filter((found) => !meant.has(keyOf(each.guardrail, found, scope))));
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(OVERRULE_SCOPES)("by %s covers nothing of the other side, of either", async (scope) => {
    for (const [side, other] of [
      ["input", "output"],
      ["output", "input"],
    ] as const) {
      const [start, end] = [ANSWER.indexOf("two"), ANSWER.indexOf("two") + 3];
      const span = { location: side === "output" ? "content" : "messages[0].content", start, end };
      const said = { rule: "r", category: "custom:a", span, message: "m" } as const;
      const on = (of: "input" | "output"): Verdict => judged({ id: "operator-rules", version: "1" }, of, [said]);
      const subject: FlaggedExchange = { ...flagged([on(side)], ANSWER), side };
      const allowances = await allowancesOf(subject, scope);
      const context = { keyId: "key_1", now: 0, promptHash: await promptHash(ANSWER) };
      const exchange = exchangeOf(subject.messages, subject.answer, []);
      const after = applyAllowances([on(side), on(other)], exchange, allowances, context);
      expect(after.map(({ status }) => status)).toEqual(["pass", "flag"]);
    }
  });

  it("by exchange covers no other prompt", async () => {
    const subject = flagged([
      judged({ id: "one", version: "1" }, "output", [{ rule: "r", category: "S1", span: null, message: "m" }]),
    ]);
    const allowances = await allowancesOf(subject, "exchange");
    const after = async (prompt: string): Promise<string | undefined> => {
      const context = { keyId: "key_1", now: 0, promptHash: await promptHash(prompt) };
      return applyAllowances(subject.verdicts, exchangeOf(subject.messages, subject.answer, []), allowances, context)[0]
        ?.status;
    };
    expect([await after("  COUNT. "), await after("Count!")]).toEqual(["pass", "flag"]);
  });

  it("is not about what the policy only notes, nor about the other side", () => {
    const note: Finding = { rule: "rude", category: "offensive", span: null, message: "m" };
    const held: Finding = { rule: "hate", category: "S10", span: null, message: "m" };
    const input = judged({ id: "one", version: "1" }, "input", [held]);
    const both = flagged([input, judged({ id: "two", version: "1" }, "output", [note, held])]);
    expect(withheldFindings(both, DEFAULT_POLICY)).toEqual([{ guardrail: "two", finding: held }]);
    const noted = flagged([input, judged({ id: "two", version: "1" }, "output", [note])]);
    expect(withheldFindings(noted, DEFAULT_POLICY)).toEqual([{ guardrail: "two", finding: note }]);
  });

  it("never takes a placeholder for the words that it stands for", async () => {
    const span = { location: "messages[0].content", start: 3, end: 11 };
    const subject = flagged(
      [judged({ id: "one", version: "1" }, "output", [{ rule: "r", category: "S7", span, message: "m" }])],
      "My [secret] is it.",
    );
    const terms = { id: "ovr_1", scope: "phrase" as const, keyIds: null, expiresAt: 1_000 };
    const made = await overruleAllowances(subject, withheldFindings(subject, DEFAULT_POLICY), terms);
    expect(made).toMatchObject({ ok: false, error: { status: 400, param: "scope" } });
  });

  it("refuses more allowances than requests should look through", async () => {
    const many = Array.from({ length: 21 }, (_, place): Finding => ({
      rule: `r${place}`,
      category: "S1",
      span: null,
      message: "m",
    }));
    await expect(allowancesOf(flagged([judged({ id: "one", version: "1" }, "output", many)]), "rule")).rejects.toThrow(
      "20",
    );
  });
});
