// Our instructions are taken out of what repeats them, and nothing else is.
import fc from "fast-check";
import { expect, it } from "vitest";
import { ANALYSIS_PROMPTS } from "../../src/analysis/analysis-prompts.ts";
import { withoutAnswer } from "../../src/finetuning/without-answer.ts";
import { withoutHint } from "../../src/finetuning/without-hint.ts";
import { GUIDANCE_TEXTS } from "../../src/generation/guidance/guidance-texts.ts";
import { wellFormedText } from "../fixtures/arbitrary.ts";

const { hint } = ANALYSIS_PROMPTS.en;

it.each([
  [hint, ""],
  [`${hint} It insults.`, "It insults."],
  [hint.toUpperCase(), ""],
  [hint.replaceAll(" ", "\n "), ""],
  [`${hint.slice(0, -1)}: it insults.`, ": it insults."],
  [`${hint.slice(0, 20)}${hint}${hint.slice(20)}`, ""],
  [`好。${ANALYSIS_PROMPTS.zh.hint}${ANALYSIS_PROMPTS.zh.question}`, "好。"],
  [`It says: ${GUIDANCE_TEXTS.en.before}`, "It says:"],
  [GUIDANCE_TEXTS.en.after, ""],
  [GUIDANCE_TEXTS.zh.after, ""],
  ["The answer is incorrect.", "The answer is incorrect."],
])("of %j leaves %j", (text, rest) => {
  expect(withoutHint(text)).toBe(rest);
});

it("leaves texts without them as they are", () => {
  fc.assert(
    fc.property(wellFormedText, (text) => {
      expect(withoutHint(text)).toBe(text);
    }),
  );
});

it("takes time in proportion to the text", () => {
  const text = `${hint.split(" ").slice(0, -1).join(" ")} ${" ".repeat(100_000)}`.repeat(3);
  const started = performance.now();
  withoutHint(text);
  expect(performance.now() - started).toBeLessThan(1_000);
});

it.each([
  ["The answer “a long and bad answer” insults.", "a long and bad answer", "The answer “[withheld]” insults."],
  ["Yes is wrong.", "Yes", "Yes is wrong."],
  [" Yes\n", "Yes", ""],
  ["Nothing of it here.", "a long and bad answer", "Nothing of it here."],
  ["Something.", "", "Something."],
])("of %j without the answer %j leaves %j", (analysis, answer, rest) => {
  expect(withoutAnswer(analysis, answer)).toBe(rest);
});
