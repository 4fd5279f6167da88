// The guided prompts: a hint and a question in both languages, each version once.
import { expect, it } from "vitest";
import { ANALYSIS_PROMPTS } from "../../src/analysis/analysis-prompts.ts";
import { languageOf } from "../../src/lib/language.ts";

it("are each written in their own language, under their own version", () => {
  for (const [language, { hint, question, version }] of Object.entries(ANALYSIS_PROMPTS)) {
    expect(languageOf(hint + question)).toBe(language);
    expect(version).toContain(`-${language}-`);
  }
});
