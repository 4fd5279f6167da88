// What people read where something was withheld.
import { expect, it } from "vitest";
import { BLOCKED_SENTENCES, blockedSentence } from "../../src/generation/blocked-sentences.ts";

it("speaks the language of the user's last turn, whatever was said before", () => {
  const turns = (...texts: readonly string[]) => texts.map((content) => ({ role: "user" as const, content }));
  expect(blockedSentence("output", turns("请问", "What is it?"))).toBe(BLOCKED_SENTENCES.en.output);
  expect(blockedSentence("input", turns("What is it?", "请问这是什么？"))).toBe(BLOCKED_SENTENCES.zh.input);
  expect(blockedSentence("input", [{ role: "system", content: "请问这是什么？" }])).toBe(BLOCKED_SENTENCES.en.input);
});
