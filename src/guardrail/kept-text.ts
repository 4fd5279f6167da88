// A text that an answer must keep to itself (a system prompt, the guidance), made ready to be looked for.
// Law: which run of it is a leak is decided here, for whole answers and for streams alike.
import { keepsItself, markedSentences, markedSecrets } from "./marked-secrets.ts";
import { foldText } from "./normalise/fold.ts";
import { RunBeginnings } from "./partial-runs.ts";
import { type RepeatedRun, repeatedRuns, type WindowedWords, WindowIndex, wholeRepeats } from "./repeated-runs.ts";
import { SecretBook } from "./secret-book.ts";
import { type Words, wordsOf } from "./words.ts";

/**
 * A system prompt is often full of facts to answer with (opening hours, a list of plans), whatever else in it is secret. So a
 * run outside of the sentences that are marked is a leak only where it is nearly the whole prompt, or, if the prompt says
 * that it is itself to be kept, a large part of it.
 */
const NEARLY_WHOLE_SHARE = 0.8;
const LARGE_SHARE = 0.5;
/** Forty words (see `RepeatedRun.weight`). */
const LARGE_WEIGHT = 80;

export class KeptText {
  readonly secrets: SecretBook;
  readonly beginnings: RunBeginnings;
  readonly #folded: string;
  readonly #words: Words;
  readonly #windows: WindowIndex;
  /** the sentences that say what is secret: any run of them is a leak */
  readonly #marked: WindowIndex;
  readonly #keepsItself: boolean;

  constructor(text: string) {
    this.#folded = foldText(text).text;
    this.#words = wordsOf(this.#folded);
    this.#windows = new WindowIndex(this.#words);
    this.#marked = new WindowIndex(wordsOf(markedSentences(text).join("\n")));
    this.#keepsItself = keepsItself(text);
    this.secrets = new SecretBook(markedSecrets(text));
    this.beginnings = new RunBeginnings(this.#folded, this.#words);
  }

  /** The runs of an answer that leak a system prompt, unless the user wrote them. */
  promptRuns(answer: WindowedWords, said: () => readonly KeptText[]): RepeatedRun[] {
    const windows = () => said().map((one) => one.#windows);
    return [
      ...repeatedRuns(answer, this.#windows, windows).filter((run) => this.#isLargeEnough(run)),
      ...repeatedRuns(answer, this.#marked, windows),
    ];
  }

  /** The runs of an answer that leak our guidance, unless the user wrote them. */
  guidanceRuns(answer: WindowedWords, said: () => readonly KeptText[]): RepeatedRun[] {
    return [
      ...repeatedRuns(answer, this.#windows, () => said().map((one) => one.#windows)),
      ...wholeRepeats(answer.words, this.#words, () => said().map((one) => one.#words)),
    ];
  }

  #isLargeEnough({ start, end, weight }: RepeatedRun): boolean {
    const share = (end - start) / this.#folded.length;
    if (share >= NEARLY_WHOLE_SHARE) return true;
    return this.#keepsItself && (share >= LARGE_SHARE || weight >= LARGE_WEIGHT);
  }
}
