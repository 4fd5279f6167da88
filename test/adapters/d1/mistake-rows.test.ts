// Between domain and rows: nothing is lost either way.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attackToRow,
  mistakeToRow,
  rowToAnalysis,
  rowToAttack,
  rowToMistake,
} from "../../../src/adapters/d1/mistake-rows.ts";
import { arbitraryCapturedAttack, arbitraryCapturedMistake } from "../../fixtures/arbitrary.ts";
import { analysisOf, capturedAttack, capturedMistake, exchangeOf } from "../../fixtures/records.ts";

describe("mistake rows", () => {
  it("lose nothing of a mistake", () => {
    fc.assert(
      fc.property(arbitraryCapturedMistake, (captured) => {
        const row = mistakeToRow(captured);
        const exchange = row.exchange ?? exchangeOf();
        expect(rowToMistake(row, exchange)).toEqual({ ...captured.mistake, exchange });
        expect({ inline: row.exchange }).toEqual(captured.exchange);
        expect(row.exchangeKey).toBeNull();
      }),
    );
  });

  it("lose nothing of an attack", () => {
    fc.assert(
      fc.property(arbitraryCapturedAttack, (captured) => {
        const row = attackToRow(captured);
        const messages = row.messages ?? [];
        expect(rowToAttack(row, messages)).toEqual({ ...captured.attack, messages });
        expect({ inline: row.messages }).toEqual(captured.messages);
      }),
    );
  });

  it("give verdicts the fields that they have gained since they were stored", () => {
    const verdict = { guardrail: "g", version: "1", side: "output", status: "pass", reason: null } as const;
    const verdicts = [{ ...verdict, score: null, threshold: null, findings: [] }];
    const gained = [{ ...verdicts[0], latencyMilliseconds: null, rationale: null }];
    expect(rowToMistake({ ...mistakeToRow(capturedMistake("prj_1")), verdicts }, exchangeOf()).verdicts).toEqual(
      gained,
    );
    expect(rowToAttack({ ...attackToRow(capturedAttack("prj_1")), verdicts }, []).verdicts).toEqual(gained);
  });

  it("keep of a verdict what it says, and neither null nor an empty list", () => {
    const said = { guardrail: "g", version: "1", side: "output", status: "pass", score: 0 } as const;
    const silent = { reason: null, threshold: null, latencyMilliseconds: null, rationale: null, findings: [] };
    const captured = capturedMistake("prj_1", { verdicts: [{ ...said, ...silent }] });
    expect(mistakeToRow(captured).verdicts).toEqual([said]);
  });

  it("name the object of what is too large for a row", () => {
    const objectKey = "projects/p/mistakes/m.json";
    const mistake = mistakeToRow({ ...capturedMistake("prj_1"), exchange: { objectKey } });
    expect(mistake).toMatchObject({ exchange: null, exchangeKey: objectKey, releaseId: null });
    const attack = attackToRow({ ...capturedAttack("prj_1"), messages: { objectKey } });
    expect(attack).toMatchObject({ messages: null, messagesKey: objectKey });
  });

  it("lose nothing of an analysis", () => {
    const analysis = analysisOf("prj_1", "mis_1");
    expect(rowToAnalysis(analysis)).toEqual(analysis);
  });
});
