// Personal data in answers, whole and in pieces: what the user wrote is no leak, and nothing of a number leaves before it is known.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPiiGuardrail } from "../../../src/guardrail/pii/pii-guardrail.ts";
import { DEFAULT_PII_POLICY } from "../../../src/policy/pii-policy.ts";
import { answering, conversationOf } from "../exchange-of.ts";
import {
  CHINESE,
  CODE,
  expectHeldBack,
  expectSameFindings,
  findingsOfPiece,
  glimpseOf,
  heldUnits,
  PROSE,
} from "../glimpses.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "../hostile.ts";
import { SPECIMEN_PII } from "./specimen-pii.ts";

const guardrail = createPiiGuardrail(DEFAULT_PII_POLICY, ["input", "output"]);
const held = (text: string) => text.slice(text.length - heldUnits(guardrail, text));

describe("the guardrail of personal data", () => {
  it.each(SPECIMEN_PII)("flags a %s with its place and without its text: %s", (kind, value, before) => {
    const verdict = guardrail.check(answering(`${before}${value}!`), "output");
    const span = { location: "content", start: before.length, end: before.length + value.length };
    expect(verdict).toMatchObject({ status: "flag", findings: [{ rule: kind, category: "pii", span }] });
    expect(JSON.stringify(verdict)).not.toContain(value);
  });

  it.each(SPECIMEN_PII)("does not count a %s that the user wrote: %s", (_, value, before) => {
    const asked = conversationOf(["user", `Mine is ${value}.`]);
    expect(guardrail.check(answering(`${before}${value}.`, asked), "output").status).toBe("pass");
    expect(glimpseOf(guardrail, `${before}${value} .`, asked).findings).toEqual([]);
  });

  it("knows the user's number in another form, with the country's code or without", () => {
    const asked = conversationOf(["user", "Call me: 415.555.2671; card 4111111111111111"]);
    const answer = "I call +1 (415) 555-2671 and charge 4111 1111 1111 1111.";
    expect(guardrail.check(answering(answer, asked), "output").status).toBe("pass");
  });

  it("counts what others said, unless the policy lets the answer repeat them", () => {
    const asked = conversationOf(["system", "Support: help@firm.org"], ["user", "Who helps?"]);
    const exchange = answering("Write to help@firm.org.", asked);
    expect(guardrail.check(exchange, "output").status).toBe("flag");
    const lenient = createPiiGuardrail({ ...DEFAULT_PII_POLICY, may_repeat: ["user", "system"] }, ["output"]);
    expect(lenient.check(exchange, "output").status).toBe("pass");
    const strict = createPiiGuardrail({ ...DEFAULT_PII_POLICY, may_repeat: [] }, ["output"]);
    const echoed = answering("You are a@firm.org.", conversationOf(["user", "I am a@firm.org"]));
    expect(strict.check(echoed, "output").status).toBe("flag");
  });

  it("reads the conversation on the input's side", () => {
    const exchange = conversationOf(["user", "Hello"], ["tool", "Phone: +49 30 901820"]);
    expect(guardrail.check(exchange, "input").findings).toMatchObject([
      { rule: "phone", span: { location: "messages[1].content", start: 7 } },
    ]);
  });

  it.each([
    ["behind zero-width signs", Array.from("anna@firm.org").join("\u200b")],
    ["in full width", "４１１１１１１１１１１１１１１１"],
    ["in base64", btoa("write to anna@firm.org today")],
  ])("finds it %s", (_, text) => {
    expect(guardrail.check(answering(`It is ${text} .`), "output").findings).toHaveLength(1);
  });

  it("has no side where the policy names no kind", () => {
    expect(createPiiGuardrail({ ...DEFAULT_PII_POLICY, kinds: [] }, ["output"]).sides).toEqual([]);
  });

  it("names at most a hundred places", () => {
    const many = Array.from({ length: 300 }, (_, index) => `a${index}@firm.org`).join(" ");
    expect(guardrail.check(answering(many), "output").findings).toHaveLength(100);
  });
});

describe("a glimpse of personal data", () => {
  // Every letter of a script without blanks might begin an address: in such a stream it is held from its «@» on.
  it.each(SPECIMEN_PII.filter(([, value]) => !value.includes("名")))(
    "holds back a %s, wherever it is cut: %s",
    (_, value, before) => {
      for (const first of ["", PROSE, CODE, CHINESE, '{"text": "']) {
        for (const after of ["", " today.", ". 好的。", '"}', "\n"]) {
          const whole = first + before + value + after;
          expectSameFindings(guardrail, whole);
          expect(expectHeldBack(guardrail, whole), whole).toBeGreaterThan(0);
        }
      }
    },
  );

  it.each(SPECIMEN_PII)("finds a %s in a piece that begins later: %s", (_, value, before) => {
    const whole = `${PROSE}${before}${value} .`;
    expect(findingsOfPiece(guardrail, whole, value.length + 48)).toEqual(glimpseOf(guardrail, whole).findings);
  });

  it("holds the word and the number in work, and no more", () => {
    expect(held("Write to anna")).toBe("anna");
    expect(held("Write to ")).toBe("");
    expect(held("It costs 12 euros, sir")).toBe("sir");
    expect(held("Call +49 (30) 90")).toBe("+49 (30) 90");
    expect(held("Call +49 30 901820 ")).toBe("+49 30 901820 ");
    expect(held("Call +49 30 901820 now")).toBe("now");
    expect(held("图书馆早上九点开门")).toBe("");
  });

  it("never throws", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => glimpseOf(guardrail, text).openFrom >= 0),
    );
  });

  it("is linear", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, async () => {
    for (const pattern of ["1 ", "a@b.io ", "DE89 ", "x", "1990年"]) {
      await expectLinear((text) => glimpseOf(guardrail, text), pattern);
    }
  });
});
