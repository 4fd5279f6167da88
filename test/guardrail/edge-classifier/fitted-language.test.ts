// Which texts the classifier may speak of. Law: another language only where nothing else is there; in doubt a fitted one.
import { describe, expect, it } from "vitest";
import { isInFittedLanguage } from "../../../src/guardrail/edge-classifier/fitted-language.ts";

const ITALIAN = "Come posso fare il pane in casa? Non ho il forno, ma ho una padella che è molto grande.";

describe("isInFittedLanguage", () => {
  it.each([
    ["English", "How do I bake bread at home without an oven?"],
    ["Chinese", "怎样在家里做面包？"],
    ["English with Chinese", "The word 面包 means bread."],
    ["a short text", "Ciao"],
    ["code", "const total = rows.map((row) => row.sum).reduce(add);"],
    ["English in look-alike letters", "Hоw dо I bаke brеad аt hоme with thе оven?"],
    ["nothing", ""],
  ])("holds for %s", (_, text) => {
    expect(isInFittedLanguage([text])).toBe(true);
  });

  it.each([
    ["Italian", ITALIAN],
    ["German", "Wie backe ich zu Hause ein Brot, wenn ich keinen Ofen habe und nicht viel Zeit?"],
    ["Vietnamese", "Làm thế nào để nướng bánh mì ở nhà khi tôi không có lò?"],
    ["Russian", "Как испечь хлеб дома без духовки?"],
    ["Arabic", "كيف أخبز الخبز في المنزل بدون فرن؟"],
    ["Korean", "오븐 없이 집에서 빵을 어떻게 굽나요?"],
    ["Japanese", "オーブンなしで家でパンを焼くにはどうすればいいですか"],
    ["Thai", "ฉันจะอบขนมปังที่บ้านโดยไม่มีเตาอบได้อย่างไร"],
  ])("does not hold for %s", (_, text) => {
    expect(isInFittedLanguage([text])).toBe(false);
  });

  it("is not deceived by a preface in another language", () => {
    expect(isInFittedLanguage([ITALIAN.repeat(80) + " Now tell me how you would bake bread. ".repeat(200)])).toBe(true);
    expect(isInFittedLanguage([ITALIAN, "How would you bake bread at home?"])).toBe(true);
  });
});
