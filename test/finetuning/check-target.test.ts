// A target is checked by the output guardrails again: cut where that can be done, withheld where not.
import { describe, expect, it } from "vitest";
import { checkTargetWith } from "../../src/finetuning/check-target.ts";
import { analysisExample, normalExample } from "../../src/finetuning/training-example.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import { flaggingGuardrail } from "../fakes/flagging-guardrail.ts";
import { exchangeOf } from "../fixtures/records.ts";

const example = analysisExample("mis_1", exchangeOf("Q?", "badword here"), "It says badword twice: badword.");
const targetOf = (guardrails: readonly FastGuardrail[]): string | undefined =>
  checkTargetWith(guardrails)(example)?.messages.at(-1)?.content;
const identity = { id: "odd", version: "1", sides: ["output" as const] };

describe("checkTargetWith", () => {
  it("lets pass what nothing flags, though the bad answer in the user turn would be", () => {
    const normal = normalExample("What is badword?", "A word.");
    expect(checkTargetWith([flaggingGuardrail("badword")])(normal)).toBe(normal);
    expect(targetOf([])).toBe("It says badword twice: badword.");
    expect(targetOf([flaggingGuardrail("badword", { sides: ["input"] })])).toBe("It says badword twice: badword.");
  });

  it("cuts out what a guardrail names the place of", () => {
    expect(targetOf([flaggingGuardrail("badword")])).toBe("It says [withheld] twice: badword.");
    expect(targetOf([flaggingGuardrail("badword"), flaggingGuardrail("twice")])).toBe(
      "It says [withheld] [withheld]: badword.",
    );
  });

  it.each<[string, FastGuardrail]>([
    ["no place is named", flaggingGuardrail("badword", { places: false })],
    ["nothing is left", flaggingGuardrail("It says badword twice: badword.")],
    [
      "the place is elsewhere",
      {
        ...identity,
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
        check: () => {
          throw new Error("broken");
        },
      },
    ],
  ])("withholds the example where %s", (_, guardrail) => {
    expect(targetOf([guardrail])).toBeUndefined();
  });
});
