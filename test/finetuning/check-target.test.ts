// A target is checked by the output guardrails again: cut where that can be done, withheld where not.
import { describe, expect, it } from "vitest";
import { checkTargetWith } from "../../src/finetuning/check-target.ts";
import { analysisExample, normalExample } from "../../src/finetuning/training-example.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { exchangeOf } from "../fixtures/records.ts";

const exchange = exchangeOf("Q?", "badword here");
const example = analysisExample("mis_1", exchange, "It says badword twice: badword.");
const targetOf = (guardrails: readonly FastGuardrail[]): string | undefined =>
  checkTargetWith(guardrails)(example, exchange.messages)?.messages.at(-1)?.content;
const identity = { id: "odd", version: "1", sides: ["output" as const] };

describe("checkTargetWith", () => {
  it("lets pass what nothing flags, though the bad answer in the user turn would be", () => {
    const normal = normalExample("What is badword?", "A word.");
    expect(
      checkTargetWith([phraseGuardrail("badword", "custom:test")])(normal, [
        { role: "user", content: "What is badword?" },
      ]),
    ).toEqual(normal);
    expect(targetOf([])).toBe("It says badword twice: badword.");
    expect(targetOf([phraseGuardrail("badword", "custom:test", { sides: ["input"] })])).toBe(
      "It says badword twice: badword.",
    );
  });

  it("withholds a target that refuses a harmless request, whole", () => {
    expect(targetOf([phraseGuardrail("badword", "over_refusal")])).toBeUndefined();
  });

  it("cuts out what a guardrail names the place of", () => {
    expect(targetOf([phraseGuardrail("badword", "custom:test")])).toBe("It says [withheld] twice: [withheld].");
    expect(targetOf([phraseGuardrail("badword", "custom:test"), phraseGuardrail("twice", "custom:test")])).toBe(
      "It says [withheld] [withheld]: [withheld].",
    );
  });

  it("keeps the secrets of the mistake's own conversation", () => {
    const leaky: FastGuardrail = {
      ...identity,
      categories: [],
      check: ({ conversation, answer: [text] }) => {
        const secret = conversation.find(({ role }) => role === "system")?.text ?? "none";
        const start = text?.text.indexOf(secret) ?? -1;
        const span = { location: "content", start, end: start + secret.length };
        return judged(
          identity,
          "output",
          start < 0 ? [] : [{ rule: "r", category: "prompt_leak", span, message: "m" }],
        );
      },
    };
    const checked = checkTargetWith([leaky])(example, [{ role: "system", content: "twice" }, ...exchange.messages]);
    expect(checked?.messages.at(-1)?.content).toBe("It says badword [withheld]: badword.");
  });

  it.each<[string, FastGuardrail]>([
    ["no place is named", phraseGuardrail("badword", "custom:test", { spans: false })],
    ["nothing is left", phraseGuardrail("It says badword twice: badword.", "custom:test")],
    [
      "the place is elsewhere",
      {
        ...identity,
        categories: [],
        check: (_, side) => {
          const span = { location: "messages[0].content", start: 0, end: 1 };
          return judged(identity, side, [{ rule: "r", category: "S1", span, message: "m" }]);
        },
      },
    ],
    [
      "the guardrail fails",
      {
        ...identity,
        categories: [],
        check: () => {
          throw new Error("broken");
        },
      },
    ],
  ])("withholds the example where %s", (_, guardrail) => {
    expect(targetOf([guardrail])).toBeUndefined();
  });
});
