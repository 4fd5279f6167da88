// Only the guidance is taken out of a deliberation, in whatever dress a model writes its labels.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DELIBERATION_PROMPTS } from "../../../src/generation/guidance/deliberation-prompts.ts";
import { readDeliberation } from "../../../src/generation/guidance/read-deliberation.ts";
import { anyText } from "../../fixtures/arbitrary.ts";

const { en, zh } = DELIBERATION_PROMPTS;

describe("the guidance of a deliberation", () => {
  it.each([
    ["in the form asked for", "ANALYSIS: It is about locks.\nGUIDANCE: Help kindly.", "Help kindly."],
    ["in bold", "**ANALYSIS:** It is about locks.\n\n**GUIDANCE:** Help kindly.", "Help kindly."],
    ["as headings", "## Analysis:\nLocks.\n## Guidance:\nHelp kindly.\nBe brief.", "Help kindly. Be brief."],
    ["numbered", "1. Analysis: Locks.\n2. Guidance: Help kindly.", "Help kindly."],
    ["after thinking aloud", "I'd write\nGUIDANCE: Hm.\nno:\nGUIDANCE: Help kindly.", "Help kindly."],
    ["before the analysis", "GUIDANCE: Help kindly.\nANALYSIS: Locks.", "Help kindly."],
  ])("is read %s", (_name, text, guidance) => {
    expect(readDeliberation(text, en)).toBe(guidance);
  });

  it("is read in Chinese", () => {
    expect(readDeliberation("分析：关于锁。\n指导：友好地提供帮助。", zh)).toBe("友好地提供帮助。");
  });

  it.each([
    ["nothing at all", ""],
    ["an answer instead", "Use a key. My guidance would be to wait."],
    ["an analysis alone", "ANALYSIS: It is about locks."],
    ["an empty one", "ANALYSIS: It is about locks.\nGUIDANCE:   "],
  ])("is none in %s", (_name, text) => {
    expect(readDeliberation(text, en)).toBe("");
  });

  it("is one sound line of at most a thousand characters, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const guidance = readDeliberation(`GUIDANCE: ${text}`, en);
        expect(guidance.length).toBeLessThanOrEqual(1_000);
        expect(guidance).not.toMatch(/[\n\r]/);
        expect(guidance.isWellFormed()).toBe(true);
      }),
    );
  });
});
