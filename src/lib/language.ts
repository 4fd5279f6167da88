// Which of our two prompt languages a text is written in. Law: linear, and English unless it is clearly Chinese.

export type Language = "en" | "zh";

const HAN = /\p{Script=Han}/gu;
const JAPANESE_OR_KOREAN = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const LETTER = /\p{L}/gu;

/** A Han character carries about as much as three Latin letters, hence the quarter. Kana or Hangul mean it isn't Chinese. */
export function languageOf(text: string): Language {
  const sample = text.slice(0, 4_000);
  const han = sample.match(HAN)?.length ?? 0;
  if (han === 0) return "en";
  const other = sample.match(JAPANESE_OR_KOREAN)?.length ?? 0;
  const letters = sample.match(LETTER)?.length ?? 0;
  return other * 5 < han && han * 4 >= letters ? "zh" : "en";
}
