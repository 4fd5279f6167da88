// Encodings of a text, some of them exact, some only readable. Law: pure, total on well-formed text, and never cuts a character.

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function base64(text: string): string {
  // In pieces: a call takes only so many arguments.
  return btoa([...bytesOf(text)].map((byte) => String.fromCharCode(byte)).join(""));
}

export function hexadecimal(text: string): string {
  return [...bytesOf(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0);
    const first = code < 97 ? 65 : 97;
    return String.fromCharCode(((code - first + 13) % 26) + first);
  });
}

export const LEET: ReadonlyMap<string, string> = new Map([
  ["a", "4"],
  ["e", "3"],
  ["i", "1"],
  ["o", "0"],
  ["s", "5"],
  ["t", "7"],
]);

export function leetspeak(text: string): string {
  return Array.from(text)
    .map((character) => LEET.get(character.toLowerCase()) ?? character)
    .join("");
}

const MORSE_CODES =
  "a.- b-... c-.-. d-.. e. f..-. g--. h.... i.. j.--- k-.- l.-.. m-- n-. o--- p.--. q--.- r.-. s... t- u..- v...- w.-- x-..- y-.-- z--.. 0----- 1.---- 2..--- 3...-- 4....- 5..... 6-.... 7--... 8---.. 9----.";

export const MORSE: ReadonlyMap<string, string> = new Map(
  MORSE_CODES.split(" ").map((code) => [code.slice(0, 1), code.slice(1)]),
);

/** Letters apart by a space, words by a stroke; what Morse has no sign for stays as it is. */
export function morse(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return words
    .map((word) =>
      Array.from(word)
        .map((character) => MORSE.get(character.toLowerCase()) ?? character)
        .join(" "),
    )
    .join(" / ");
}

/** Latin letters and Cyrillic ones that look alike (Unicode UTS 39). */
export const HOMOGLYPHS: ReadonlyMap<string, string> = new Map([
  ["a", "\u0430"],
  ["c", "\u0441"],
  ["e", "\u0435"],
  ["i", "\u0456"],
  ["j", "\u0458"],
  ["o", "\u043e"],
  ["p", "\u0440"],
  ["s", "\u0455"],
  ["x", "\u0445"],
  ["y", "\u0443"],
]);

export function homoglyphs(text: string): string {
  return Array.from(text)
    .map((character) => HOMOGLYPHS.get(character) ?? character)
    .join("");
}

export const ZERO_WIDTH_SPACE = "\u200b";

export function zeroWidth(text: string): string {
  return Array.from(text).join(ZERO_WIDTH_SPACE);
}

/** By code points, so that no pair of surrogates is turned round. */
export function reversed(text: string): string {
  return Array.from(text).reverse().join("");
}
