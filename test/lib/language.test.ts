// English unless it is clearly Chinese.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { languageOf } from "../../src/lib/language.ts";

it.each([
  ["", "en"],
  ["Can I return my lamp?", "en"],
  ["Où est la bibliothèque ?", "en"],
  ["我可以退货吗？", "zh"],
  ["請問可以退貨嗎", "zh"],
  ["请用 JavaScript 写一个排序函数", "zh"],
  ["What does 你好 mean in English?", "en"],
  ["ランプを返品できますか。返品方法を教えてください。", "en"],
  ["日本語", "zh"], // Han alone: nothing tells it from Chinese
  ["램프를 반품할 수 있나요?", "en"],
  ["12345 !!! 🙂", "en"],
])("%j is answered in %s", (text, language) => {
  expect(languageOf(text)).toBe(language);
});

it("survives any text, lone surrogates and a text of megabytes included", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(["en", "zh"]).toContain(languageOf(text));
      expect(["en", "zh"]).toContain(languageOf(`\ud83d${text}\ud83d`));
    }),
  );
  expect(languageOf("好".repeat(5_000_000))).toBe("zh");
});
