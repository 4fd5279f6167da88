// Letters that look like Latin ones. Law: data only; every pair is the letter, then the Latin one it passes for.
// Source: Unicode Technical Standard 39, confusables.txt (https://www.unicode.org/Public/security/latest/confusables.txt),
// cut down to single letters with a single Latin prototype; both cases are listed because they differ (Greek Η is H, η is n).

function table(...lines: readonly string[]): ReadonlyMap<number, string> {
  const pairs = lines.flatMap((line) => line.split(" "));
  return new Map(pairs.map((pair) => [pair.codePointAt(0) ?? 0, pair.slice(-1)] as const));
}

/** Folded only in a word that also has a Latin letter: a Russian, Greek or Armenian word stays what it is. */
export const MIXED_SCRIPT_CONFUSABLES = table(
  "аa еe оo рp сc уy хx іi јj ѕs ԁd һh ԛq ԝw ѵv гr кk мm тt вb нh",
  "Аa Вb Еe Кk Мm Нh Оo Рp Сc Тt Уy Хx Іi Јj Ѕs Ԍg Ԛq Ԝw Ѵv",
  "αa γy ιi κk νv οo ρp σo ςs τt υu χx ηn",
  "Αa Βb Εe Ζz Ηh Ιi Κk Μm Νn Οo Ρp Τt Υy Χx",
  "օo ոn սu ցg հh քf Լl Սu Օo",
);

/** Latin letters of other alphabets and styles, which compatibility decomposition leaves alone; folded everywhere. */
export const LATIN_LOOKALIKES = table(
  "ɑa ɡg ıi ȷj ɩi øo łl đd ħh ŧt ɨi",
  "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz",
);

/** Quotation marks and dashes of typography, so that a pattern writes each of them once. */
export const PUNCTUATION_LOOKALIKES = table('’\' ‘\' ‛\' ʼ\' “" ”" „" ‟" «" »" 「" 」" 『" 』" ‐- ‑- ‒- –- —- ―- −-');
