// What the list of `obscenity` is changed by, and a short Chinese list. Law: data with a version; words that are also a name,
// an animal, a body part of medicine or a topic are not offensive by themselves, and are left to guardrails that read context.

export const PROFANITY_VERSION = "2026-11-23.2";

/** Entries of obscenity's English list that ordinary and clinical texts use, or whose patterns hit surnames and place names. */
export const REMOVED_ENTRIES: ReadonlySet<string> = new Set(
  (
    "abo,anal,anus,ass,bestiality,boob,chink,cock,cum,dick,dyke,ejaculate,fisting,fuck,hentai,hooker,incest,masturbate,negro," +
    "orgasm,orgy,penis,porn,prick,rape,retard,scat,semen,sex,spastic,tit,vagina"
  ).split(","),
);

/** What is crude of those, in the pattern language of obscenity: `|` is a word boundary, `[]` an option, `?` any sign. */
export const ADDED_PATTERNS = [
  "fuck",
  "|f[?]ck|",
  "|f[?]cking|",
  "|f[?]cked|",
  "|f[?]cker",
  "|fuk|",
  "|fuking",
  "|asshole",
  "|dumbass",
  "|jackass|",
  "|dickhead",
  "|cocksucker",
  "|retarded|",
  "|retards|",
] as const;

/** Harmless words that a pattern would hit inside. */
export const HARMLESS_PARTS = [
  "tranyl",
  "fager",
  "fagott",
  "fagus",
  "mishit",
  "niggard",
  "pissarro",
  "pussycat",
  "shiitake",
  "slutsk",
  "snigger",
  "swank",
  "wankel",
] as const;

export const CHINESE_WORDS = [
  "傻逼",
  "傻屄",
  "煞笔",
  "操你",
  "草泥马",
  "他妈的",
  "去你妈",
  "婊子",
  "狗娘养的",
  "王八蛋",
  "贱人",
] as const;
