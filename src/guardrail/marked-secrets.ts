// The secrets that a system prompt marks as such: the words that only a leak would bring into an answer.
// Law: a word counts only where the prompt says that it is secret; ordinary facts of a prompt may be answered from.
import { foldText } from "./normalise/fold.ts";
import {
  GOES_ON,
  MEANT_TO_BE_SAID,
  NO_SECRET,
  POINTS_BACK,
  POINTS_FORWARD,
  SECRECY_MARK,
  SECRET_NAMED,
  SECRET_NAMED_HAN,
  SPEAKS_OF_PROMPT,
  STATE,
} from "./rules/secrecy.ts";

const MAXIMUM_SECRETS = 64;
const SENTENCE_END = /(?<=[.!?;]["')\]]{0,2})\s+|[\n。！？；]+/;
const QUOTED = /(?<![a-z0-9])(["'`])(?<quoted>[^"'`\n]{2,64})\1(?![a-z0-9])/gi;
/** Letters and digits together, or parts in capitals or with digits joined by hyphens: «x7k9», «BLUE-HARBOR-42». */
const CODE =
  /(?<![A-Za-z0-9])(?=[A-Za-z0-9_-]{0,63}[0-9])(?=[A-Za-z0-9_-]{0,63}[A-Za-z])[A-Za-z0-9]{1,64}(?:[_-][A-Za-z0-9]{1,64}){0,16}|(?<![A-Za-z0-9])[A-Z][A-Z0-9]{1,64}(?:[_-][A-Z0-9]{1,64}){1,16}/g;
const CAPITALS = /(?<![A-Za-z0-9_-])[A-Z]{4,32}(?![A-Za-z0-9_-])/g;
const LONG_NUMBER = /(?<![0-9.,:/-])[0-9]{4,32}(?![0-9]|[.,:/-][0-9])/g;
const ADDRESS = /(?<![^\s"'<>()])[^\s"'<>()@]{1,64}@[^\s"'<>()@]{1,64}\.[a-z]{2,16}/gi;
/** Up to four words, as far as they may belong to a name: «Blue Heron», «swordfish». */
const NAME = /^["'`]?(?<name>[\p{L}\p{N}_@#$%&*+-]+(?: [\p{L}\p{N}_-]+){0,3})/u;

interface Sentence {
  readonly text: string;
  readonly folded: string;
  readonly isMarked: boolean;
}

function sentencesOf(systemPrompt: string): Sentence[] {
  return systemPrompt
    .split(SENTENCE_END)
    .filter((text) => text.trim() !== "")
    .map((raw) => {
      // Only the quotation marks and widths matter here, so the case is kept.
      const { text } = foldText(raw, { lowerCase: false });
      const folded = text.toLowerCase();
      return { text, folded, isMarked: SECRECY_MARK.test(folded) };
    });
}

function isWord(word: string): boolean {
  return NO_SECRET.has(word.toLowerCase());
}

/** The words of a name: up to what can't be part of it; an ordinary sentence goes on in small letters. */
function nameIn(rest: string): string {
  const words = NAME.exec(rest)?.groups?.["name"]?.split(" ") ?? [];
  const end = words.findIndex(isWord);
  const name = end < 0 ? words : words.slice(0, end);
  const small = name.findIndex((word) => !/^[\p{Lu}\p{N}]/u.test(word));
  return (small < 0 ? name : name.slice(0, Math.max(1, small))).join(" ");
}

/** «is» may also be the verb of an ordinary sentence: «the password is sent by mail», «is encrypted». */
function isOrdinaryVerb(separator: string, name: string, rest: string): boolean {
  if (/[:=>]/.test(separator) || !/^[a-z]+$/.test(name)) return false;
  return STATE.test(name) || !GOES_ON.test(rest.slice(name.length));
}

/** What stands behind «the code word is». */
function namedSecrets({ text, folded }: Sentence): string[] {
  return [...folded.matchAll(SECRET_NAMED), ...folded.matchAll(SECRET_NAMED_HAN)].flatMap((match) => {
    const rest = text.slice(match.index + match[0].length).replace(/^(?:the|a|an) (?=\S)/i, "");
    const quoted = /^["'`]([^"'`\n]{2,64})["'`]/.exec(rest)?.[1];
    if (quoted !== undefined) return [quoted];
    const name = nameIn(rest);
    return name === "" || isOrdinaryVerb(match[0].trimEnd().slice(-1), name, rest) ? [] : [name];
  });
}

function quotations(text: string): string[] {
  return [...text.matchAll(QUOTED)].flatMap((match) => {
    const quoted = match.groups?.["quoted"] ?? "";
    const isMeantToBeSaid = MEANT_TO_BE_SAID.test(text.slice(Math.max(0, match.index - 40), match.index).toLowerCase());
    return isMeantToBeSaid || quoted.split(/\s+/).length > 5 ? [] : [quoted];
  });
}

function matches(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([match]) => match);
}

/** Words of an unusual look; what an unmarked sentence has too is no secret (the name of a product). */
function distinctiveWords({ text }: Sentence, ordinary: string): string[] {
  const words = [CODE, CAPITALS, LONG_NUMBER, ADDRESS].flatMap((pattern) => matches(text, pattern));
  return [...quotations(text), ...words].filter((word) => !isWord(word) && !ordinary.includes(word.toLowerCase()));
}

function isSecretEnough(secret: string): boolean {
  const letters = secret.replace(/[^\p{L}\p{N}]/gu, "");
  const isHan = /\p{Script=Han}/u.test(letters);
  return letters.length >= (isHan ? 2 : 3) && !isWord(secret) && !/^(?:19|20)\d\d$/.test(secret);
}

/** The sentences that are marked, and those that a mark points at. */
function holdersOf(sentences: readonly Sentence[]): readonly Sentence[] {
  const holders = new Set<Sentence>();
  for (const [place, sentence] of sentences.entries()) {
    if (!sentence.isMarked) continue;
    holders.add(sentence);
    if (SPEAKS_OF_PROMPT.test(sentence.folded) || namedSecrets(sentence).length > 0) continue;
    const [before, after] = [sentences[place - 1], sentences[place + 1]];
    if (before !== undefined && POINTS_BACK.test(sentence.folded)) holders.add(before);
    if (after !== undefined && POINTS_FORWARD.test(sentence.folded)) holders.add(after);
  }
  return sentences.filter((sentence) => holders.has(sentence));
}

/** Whether a system prompt says anywhere that it is itself to be kept: «do not reveal these instructions». */
export function keepsItself(systemPrompt: string): boolean {
  return sentencesOf(systemPrompt).some(({ folded, isMarked }) => isMarked && SPEAKS_OF_PROMPT.test(folded));
}

/** The sentences that say what is secret, folded. */
export function markedSentences(systemPrompt: string): string[] {
  return Array.from(holdersOf(sentencesOf(systemPrompt)), ({ folded }) => folded);
}

export function markedSecrets(systemPrompt: string): string[] {
  const sentences = sentencesOf(systemPrompt);
  const holders = new Set(holdersOf(sentences));
  const ordinary = sentences
    .filter((sentence) => !holders.has(sentence))
    .map(({ folded }) => folded)
    .join("\n");
  const secrets = [...holders].flatMap((sentence) => [
    ...namedSecrets(sentence),
    ...distinctiveWords(sentence, ordinary),
  ]);
  return [...new Set(secrets)].filter(isSecretEnough).slice(0, MAXIMUM_SECRETS);
}
