// Whether a text is in a language that the classifier was fitted on: English or Chinese.
// Law: a look at a part of the text, the same part however it arrives; in doubt it is one (short texts, code, names).

/** Looked at: this many units, then again after every so many. */
const WINDOW_UNITS = 600;
const STRIDE_UNITS = 4_800;

const FEWEST_LETTERS = 8;
/** of its letters, from which on another script is what the text is written in */
const OTHER_SCRIPT_SHARE = 0.5;
/** of the letters of Chinese: Japanese has kana among its ideographs */
const KANA_SHARE = 0.2;
const FEWEST_FUNCTION_WORDS = 2;
/** So many English words, and the rest of a window need not be read. */
const ENOUGH_ENGLISH_WORDS = 4;

const ENGLISH = words(
  "the of and to a in is you that it for on are with as i his they be at one have this from or had by not but what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see no way could my than been call who its now find did get come made may part yes please explain give tell me was",
);
/** Function words of languages in Latin letters; what is English too stands in neither list. */
const FOREIGN = words(
  // Spanish, Portuguese, French, Italian, Romanian
  "el la los las un una unos que de del y en por para con se su como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también hasta hay donde quien desde todo nos durante cómo puedo qué",
  "os as um uma não mais dos das ao à é eu ele ela você isso são seu sua ou quando muito já está também só pelo pela até nós foi ser tem como fazer",
  "le les des et est une du pas ne que qui dans ce il elle sur au avec pour sont plus vous nous je tu mais ou où comment peut faire cette leur être ses mon",
  "il lo gli della dei di che non per sono come un una anche più con si nel alla delle ma ho hai è posso qual cosa questo quando perché dal",
  "și în cu pe nu este sunt care ce mai din la să pentru",
  // German, Dutch, Scandinavian
  "der die das und ist nicht ein eine zu den dem mit sich auf für von im wie ich sie es wir ihr auch als bei nach aus kann wenn oder aber nur noch über einen einer man",
  "het een van en ik te dat die je niet zijn op aan met voor er maar om hem dan zou wat mijn ook naar hoe kan",
  "och att det som en på är av för med den till inte han de jag har om ett og er ikke til hvordan",
  // Vietnamese, Indonesian, Malay, Javanese, Tagalog, Swahili, Turkish, Polish
  "và là của có không được cho những một các trong người với để này khi làm tôi bạn thế nào như đã sẽ từ về ra cách nếu hay",
  "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih kata apa bagaimana cara seseorang anda atau",
  "sing lan ing karo kanggo ora iki saka ana iku wong bakal kaya apa piye carane aku kowe sampeyan dheweke supaya nganggo",
  "ang ng sa na mga ay at ko mo para kung paano hindi siya ito",
  "ya na wa kwa ni katika za la kuwa hii hiyo yake watu je jinsi gani au ili kama mtu bila cha vya lakini sana kutoka mimi",
  "ve bir bu da de için ile ne nasıl çok daha gibi olarak var mı ben sen o",
  "nie się na że do jest to jak ale po co tak za od czy przez",
);

const ENGLISH_WORD = 1;
const FOREIGN_WORD = 2;
/** A single letter, or a word of both, proves nothing. */
const SAYS = new Map([
  ...[...ENGLISH].filter((word) => !FOREIGN.has(word) && word.length > 1).map((word) => [word, ENGLISH_WORD] as const),
  ...[...FOREIGN].filter((word) => !ENGLISH.has(word) && word.length > 1).map((word) => [word, FOREIGN_WORD] as const),
]);

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}

const NONE = 0;
const LATIN = 1;
/** Cyrillic, Greek, Armenian: the scripts with letters that pass for Latin ones */
const LOOKALIKE = 2;
const HAN = 3;
const KANA = 4;
const OTHER = 5;

/** By blocks of Unicode; signs between the blocks count as nothing. */
function scriptOf(code: number): number {
  if (code < 0x80) return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a ? LATIN : NONE;
  if (code < 0xc0) return NONE;
  if (code < 0x370 || (code >= 0x1e00 && code < 0x1f00)) return LATIN;
  if (code < 0x590) return LOOKALIKE;
  if (code < 0x2000) return OTHER;
  if (code < 0x3040) return NONE;
  if (code < 0x3100) return KANA;
  if (code < 0x3400) return NONE;
  if (code < 0xa000) return HAN;
  return code < 0xd800 ? OTHER : NONE;
}

class WindowCounts {
  letters = 0;
  latin = 0;
  han = 0;
  kana = 0;
  english = 0;
  foreign = 0;

  /** A word's letters in Latin and in look-alike scripts; a word of both is disguised English, not a translation. */
  word(text: string, latin: number, lookalike: number): void {
    this.latin += latin > 0 ? latin + lookalike : 0;
    if (latin === 0) return;
    const said = SAYS.get(text.toLowerCase());
    if (said === ENGLISH_WORD) this.english += 1;
    if (said === FOREIGN_WORD) this.foreign += 1;
  }

  get isEnglishEnough(): boolean {
    return this.english >= ENOUGH_ENGLISH_WORDS && this.foreign === 0;
  }

  /** true: a fitted language; false: another; null: too little to tell. */
  judge(): boolean | null {
    const { letters, latin, han, kana, english, foreign } = this;
    if (letters < FEWEST_LETTERS) return null;
    if (kana > KANA_SHARE * han && kana + han > latin) return false;
    if (letters - latin - han - kana > OTHER_SCRIPT_SHARE * letters) return false;
    if (han > 0 && han * 3 >= latin) return true;
    if (foreign >= FEWEST_FUNCTION_WORDS && foreign > english) return false;
    return english > 0 ? true : null;
  }
}

function judgeWindow(text: string, start: number, end: number): boolean | null {
  const counts = new WindowCounts();
  let [wordStart, latin, lookalike] = [start, 0, 0];
  for (let place = start; place <= end; place += 1) {
    const script = place < end ? scriptOf(text.charCodeAt(place)) : NONE;
    if (script === LATIN) latin += 1;
    else if (script === LOOKALIKE) lookalike += 1;
    else {
      if (latin + lookalike > 0) {
        counts.word(text.slice(wordStart, place), latin, lookalike);
        if (counts.isEnglishEnough) return true;
      }
      [wordStart, latin, lookalike] = [place + 1, 0, 0];
      if (script === HAN) counts.han += 1;
      if (script === KANA) counts.kana += 1;
    }
    if (script !== NONE) counts.letters += 1;
  }
  return counts.judge();
}

/** False only where every part that says anything is in another language, so that no preface can hide a text. */
export function isInFittedLanguage(texts: readonly string[]): boolean {
  let others = 0;
  for (const text of texts) {
    for (let start = 0; start < text.length; start += STRIDE_UNITS) {
      const judged = judgeWindow(text, start, Math.min(text.length, start + WINDOW_UNITS));
      if (judged === true) return true;
      if (judged === false) others += 1;
    }
  }
  return others === 0;
}
