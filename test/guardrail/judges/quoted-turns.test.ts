// Pieces: bounded, from the end, overlapping, and nothing lost between them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOf, lengthOf, piecesOf, turnsOf } from "../../../src/guardrail/judges/quoted-turns.ts";
import type { ExchangeText } from "../../../src/guardrail/exchange.ts";
import { anyText } from "../../fixtures/arbitrary.ts";
import { conversationOf } from "../exchange-of.ts";

const arbitraryTexts = fc
  .array(fc.tuple(fc.constantFrom("system", "user", "assistant", "tool"), anyText), { maxLength: 6 })
  .map((turns): readonly ExchangeText[] => conversationOf(...turns).conversation);

describe("turns", () => {
  it("are the texts of one role in a row, without blank ones", () => {
    const { conversation } = conversationOf(["user", "a"], ["tool", " \n"], ["user", "b"], ["assistant", "c"]);
    expect(turnsOf(conversation)).toEqual([
      { role: "user", text: "a\nb" },
      { role: "assistant", text: "c" },
    ]);
  });
});

describe("pieces", () => {
  it("are bounded, begin at the end, and overlap", () => {
    const turns = turnsOf(conversationOf(["user", "abcdef"], ["assistant", "ghij"]).conversation);
    expect(piecesOf(turns, { most: 5, overlap: 2, count: 9 })).toEqual([
      {
        isCut: true,
        turns: [
          { role: "user", text: "f", start: 5 },
          { role: "assistant", text: "ghij", start: 0 },
        ],
      },
      {
        isCut: true,
        turns: [
          { role: "user", text: "cdef", start: 2 },
          { role: "assistant", text: "g", start: 0 },
        ],
      },
      { isCut: false, turns: [{ role: "user", text: "abcd", start: 0 }] },
    ]);
    expect(piecesOf(turns, { most: 5, overlap: 2, count: 2 })).toHaveLength(2);
  });

  it("show every character, each time whole", () => {
    fc.assert(
      fc.property(arbitraryTexts, fc.integer({ min: 6, max: 30 }), (texts, most) => {
        const turns = turnsOf(texts);
        const pieces = piecesOf(turns, { most, overlap: 3, count: 1_000 });
        // A pair at a cut is shown whole, hence one unit more at either end.
        for (const piece of pieces) expect(lengthOf(piece.turns)).toBeLessThanOrEqual(most + 2);
        for (const { text, start } of pieces.flatMap((piece) => piece.turns)) {
          expect(text.isWellFormed()).toBe(true);
          expect(turns.some((turn) => turn.text.startsWith(text, start))).toBe(true);
        }
        const shown = pieces
          .toReversed()
          .flatMap((piece) => piece.turns.map(({ text }) => text))
          .join("");
        let at = 0;
        for (const unit of turns.map(({ text }) => text).join("")) {
          at = shown.indexOf(unit, at) + 1;
          expect(at).toBeGreaterThan(0);
        }
        const covered = pieces.length * (most - 3) + 3;
        expect(covered).toBeGreaterThanOrEqual(pieces.length === 0 ? 0 : lengthOf(turns));
      }),
    );
  });
});

describe("the end", () => {
  it("is whole where it fits, else cut at its beginning", () => {
    const turns = turnsOf(conversationOf(["system", "abc"], ["user", "def"]).conversation);
    expect(endOf(turns, 6)).toEqual({ isCut: false, turns: turns.map((turn) => ({ ...turn, start: 0 })) });
    expect(endOf(turns, 4)).toEqual({
      isCut: true,
      turns: [
        { role: "system", text: "c", start: 2 },
        { role: "user", text: "def", start: 0 },
      ],
    });
    expect(endOf([], 4)).toEqual({ isCut: false, turns: [] });
  });
});
