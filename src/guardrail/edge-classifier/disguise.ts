// Undoes the disguises that no folding of single characters can: base64, letters that stand apart, leetspeak.
// Law: linear, and a text without the signs of one is looked at once and never copied.
import { base64Segments } from "../normalise/base64-segments.ts";

const LETTER = 1;
const SUBSTITUTE = 2;
const GAP = 3;
const KINDS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return LETTER;
  if (/[0-9@$!]/.test(character)) return SUBSTITUTE;
  return /[ ._*|/,\-\n\t]/.test(character) ? GAP : 0;
});

/** «a b c», «i. e. a» stand in ordinary texts too. */
const FEWEST_LETTERS_APART = 10;
const MOST_GAP_UNITS = 4;
/** in leetspeak, that many words and that share of all; «covid19», «3rd» and «mp3» cost nothing */
const FEWEST_LEET_WORDS = 3;
const LEET_SHARE = 0.125;
const SHORTEST_BASE64_UNITS = 20;

// Where neither is found, nothing is counted: the engine searches many times faster than a loop of ours.
const MAY_BE_APART = /[ ._*|/,\n\t-][a-z0-9@$!][ ._*|/,\n\t-]{1,4}[a-z0-9@$!][ ._*|/,\n\t-]/i;
const MAY_BE_LEETSPEAK = /[a-z][0-9@$!]{1,3}[a-z]/i;

interface Signs {
  readonly hasLettersApart: boolean;
  readonly isLeetspeak: boolean;
}

function kindAt(text: string, place: number): number {
  const code = text.charCodeAt(place);
  return code < 0x80 ? (KINDS[code] ?? 0) : 0;
}

function signsOf(text: string): Signs {
  if (!MAY_BE_APART.test(text) && !MAY_BE_LEETSPEAK.test(text)) return { hasLettersApart: false, isLeetspeak: false };
  let [words, leetWords, apart, longestApart] = [0, 0, 0, 0];
  let [units, gap, before] = [0, 0, 0];
  let [hasLetter, isLeet] = [false, false];
  for (let place = 0; place <= text.length; place += 1) {
    const kind = place < text.length ? kindAt(text, place) : 0;
    if (kind === LETTER || kind === SUBSTITUTE) {
      // Between two letters: «3rd», «10km» and «mp3» are no leetspeak.
      if (kind === LETTER && before === SUBSTITUTE && hasLetter) isLeet = true;
      if (kind === LETTER) hasLetter = true;
      if (units === 0 && gap > MOST_GAP_UNITS) apart = 0;
      units += 1;
      gap = 0;
    } else {
      if (units > 0) {
        words += 1;
        if (isLeet) leetWords += 1;
        apart = units === 1 ? apart + 1 : 0;
        if (apart > longestApart) longestApart = apart;
      }
      gap = kind === GAP ? gap + 1 : MOST_GAP_UNITS + 1;
      units = 0;
      [hasLetter, isLeet] = [false, false];
    }
    before = kind;
  }
  return {
    hasLettersApart: longestApart >= FEWEST_LETTERS_APART,
    isLeetspeak: leetWords >= FEWEST_LEET_WORDS && leetWords >= words * LEET_SHARE,
  };
}

function withoutBase64(text: string): string {
  let plain = "";
  let end = 0;
  for (const segment of base64Segments(text, SHORTEST_BASE64_UNITS)) {
    plain += `${text.slice(end, segment.start)} ${segment.decoded} `;
    end = segment.end;
    while (text.charAt(end) === "=") end += 1;
  }
  return end === 0 ? text : plain + text.slice(end);
}

interface Gap {
  readonly start: number;
  readonly units: number;
}

/** Letters apart are joined; a gap wider than the narrowest of its run parts two words («h o w  t o»). */
function joined(text: string): string {
  let plain = "";
  let kept = 0;
  let place = 0;
  while (place < text.length) {
    const start = place;
    const gaps: Gap[] = [];
    let end = start;
    while (isAlone(text, place)) {
      end = place + 1;
      let units = 0;
      while (units <= MOST_GAP_UNITS && kindAt(text, end + units) === GAP) units += 1;
      gaps.push({ start: end, units });
      place = end + units;
      if (units === 0 || units > MOST_GAP_UNITS) break;
    }
    if (gaps.length >= FEWEST_LETTERS_APART) {
      plain += text.slice(kept, start) + written(text, start, end, gaps);
      kept = end;
    }
    place = Math.max(place, start + 1);
  }
  return plain + text.slice(kept);
}

function isWordUnit(text: string, place: number): boolean {
  const kind = place >= 0 && place < text.length ? kindAt(text, place) : 0;
  return kind === LETTER || kind === SUBSTITUTE;
}

function isAlone(text: string, place: number): boolean {
  return isWordUnit(text, place) && !isWordUnit(text, place - 1) && !isWordUnit(text, place + 1);
}

function written(text: string, start: number, end: number, gaps: readonly Gap[]): string {
  const within = gaps.filter((gap) => gap.start < end);
  const narrowest = within.reduce((least, { units }) => Math.min(least, units), MOST_GAP_UNITS);
  let word = text.charAt(start);
  for (const gap of within) word += (gap.units > narrowest ? " " : "") + text.charAt(gap.start + gap.units);
  return word;
}

const LEETSPEAK: Readonly<Record<string, string>> = {
  "0": "o",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
};
const LEET_WORD = /[a-z0-9@$!]+/gi;

/** A mark at the end of a word is a mark; `one`: what «1» stands for. */
function withoutLeetspeak(text: string, one: string): string {
  return text.replace(LEET_WORD, (word) => {
    const end = word.replace(/!+$/, "");
    return end.replace(/[013457-9@$!]/g, (sign) => (sign === "1" || sign === "!" ? one : (LEETSPEAK[sign] ?? sign)));
  });
}

/** What the text says underneath, in up to two readings («1» is i or l); empty where there is no sign of a disguise. */
export function undisguised(text: string): readonly string[] {
  const decoded = withoutBase64(text);
  const signs = signsOf(decoded);
  const apart = signs.hasLettersApart ? joined(decoded) : decoded;
  const isLeetspeak = signs.hasLettersApart ? signsOf(apart).isLeetspeak : signs.isLeetspeak;
  if (!isLeetspeak) return apart === text ? [] : [apart];
  const readings = [withoutLeetspeak(apart, "i"), withoutLeetspeak(apart, "l")];
  return [...new Set(readings)];
}
