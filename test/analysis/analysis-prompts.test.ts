// The guided prompts: a hint and a question in both languages, each version once.
import { expect, it } from "vitest";
import { ANALYSIS_PROMPTS, analysisPrompt, OVER_REFUSAL_PROMPTS } from "../../src/analysis/analysis-prompts.ts";
import { languageOf } from "../../src/lib/language.ts";

it.each([ANALYSIS_PROMPTS, OVER_REFUSAL_PROMPTS])(
  "are each in their own language, under their own version",
  (prompts) => {
    for (const [language, { hint, question, version }] of Object.entries(prompts)) {
      expect(languageOf(hint + question)).toBe(language);
      expect(version).toContain(`-${language}-`);
    }
  },
);

it("ask of a refusal why it was none of the kind that is right, and of all else why it is not good", () => {
  expect(analysisPrompt("over_refusal", "zh")).toBe(OVER_REFUSAL_PROMPTS.zh);
  expect(analysisPrompt("leaked", "en")).toBe(ANALYSIS_PROMPTS.en);
  const versions = [ANALYSIS_PROMPTS, OVER_REFUSAL_PROMPTS].flatMap((prompts) =>
    Object.values(prompts).map(({ version }) => version),
  );
  expect(new Set(versions).size).toBe(versions.length);
});
