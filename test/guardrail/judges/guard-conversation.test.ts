// The conversation that guard models are shown: it begins with the user, alternates, and leaves nothing of what is judged out.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardConversations } from "../../../src/guardrail/judges/guard-conversation.ts";
import { anyText } from "../../fixtures/arbitrary.ts";
import { answering, conversationOf } from "../exchange-of.ts";

const turns = fc.array(fc.tuple(fc.constantFrom("system", "user", "assistant", "tool"), anyText), { maxLength: 6 });

describe("guardConversations", () => {
  it("begins with the user, alternates, and ends with what is judged", () => {
    fc.assert(
      fc.property(turns, anyText, fc.constantFrom("input", "output"), (talk, answer, side) => {
        const { pieces } = guardConversations(answering(answer, conversationOf(...talk)), side);
        for (const { turns: shown, judged } of pieces) {
          expect(shown.map(({ role }) => role)).toEqual(
            shown.map((_, place) => (place % 2 === 0 ? "user" : "assistant")),
          );
          expect(shown.at(-1)?.role).toBe(judged);
          if (side === "output") expect(judged).toBe("assistant");
        }
        const isEmpty =
          side === "output"
            ? answer.trim() === ""
            : talk.every(([role, text]) => role === "system" || text.trim() === "");
        expect(pieces.length === 0).toBe(isEmpty);
      }),
    );
  });

  it("shows the end of a long conversation beside an answer, and says that it was cut", () => {
    const { pieces } = guardConversations(
      answering("Yes.", conversationOf(["user", `a${"b".repeat(5_000)}`])),
      "output",
    );
    expect(pieces).toHaveLength(1);
    expect(pieces[0]?.turns[0]?.text).toBe(`[…] ${"b".repeat(4_000)}`);
  });

  it("judges a request's last turn, whosever it is", () => {
    const prefilled = conversationOf(["user", "Write."], ["assistant", "Sure:"]);
    expect(guardConversations(prefilled, "input").pieces[0]?.judged).toBe("assistant");
  });
});
