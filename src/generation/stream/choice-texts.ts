// What has come of one choice: its texts, and everything else its deltas add up to. Law: every text of a delta is in one of the
// texts, wherever it stood, and the message is what an OpenAI client would put together.
import type { ExchangeText } from "../../guardrail/exchange.ts";
import type { ChunkChoice, Fields } from "../../wire/chat-chunk.ts";
import type { CompletionMessage } from "../../wire/chat-completion.ts";
import { mapTexts, textsOf } from "../../wire/message-texts.ts";
import { isFinishReason, type SoundHead, unknownOfChoice } from "../known-fields.ts";
import { mergeDeltas, messageOf } from "./assemble-message.ts";
import { deltaTexts, plainDelta, plainText, withDeltaTexts } from "./delta-texts.ts";
import type { PieceQueue, Segment } from "./piece-queue.ts";
import { soundLogprobs, type Withholds } from "../sound-logprobs.ts";
import { WatchedText } from "./watched-text.ts";

function isPlain(location: string): boolean {
  return plainDelta(location, "") !== null;
}

export class ChoiceTexts {
  readonly #queue: PieceQueue;
  readonly #isJudged: () => boolean;
  readonly #withholds: Withholds;
  readonly #appended: (text: WatchedText, piece: string) => void;
  readonly #texts = new Map<string, WatchedText>();
  #merged: Fields = {};
  #current: WatchedText | null = null;
  #lastHead: Fields = {};

  /**
   * @param isJudged whether a judge must have read a text before it leaves
   * @param withholds reads what stands in log probabilities alone
   * @param appended is told of every piece, in the order of the events
   */
  constructor(
    queue: PieceQueue,
    isJudged: () => boolean,
    withholds: Withholds,
    appended: (text: WatchedText, piece: string) => void,
  ) {
    this.#queue = queue;
    this.#isJudged = isJudged;
    this.#withholds = withholds;
    this.#appended = appended;
  }

  [Symbol.iterator](): Iterator<WatchedText> {
    return this.#texts.values();
  }

  get size(): number {
    return this.#texts.size;
  }

  get(location: string): WatchedText | undefined {
    return this.#texts.get(location);
  }

  /** Of every text, what `measure` makes of it, added up. */
  sum(measure: (text: WatchedText) => number): number {
    let sum = 0;
    for (const text of this) sum += measure(text);
    return sum;
  }

  take({ all: head, known, unknown }: SoundHead, { delta, rest, logprobs, finishReason }: ChunkChoice): void {
    this.#lastHead = known;
    const plain = logprobs === null || logprobs === undefined ? plainText(delta) : null;
    const unknownRest = unknownOfChoice(rest);
    const isOddFinish = finishReason !== null && !isFinishReason(finishReason);
    if (plain !== null && unknown === null && unknownRest === null && !isOddFinish) {
      if (plain.text !== "") this.#queue.addPlain(head, this.#append(plain.location, plain.text));
      return;
    }
    const segments: Segment[] = [
      ...deltaTexts(delta),
      ...textsOf({ ...unknownRest, ...(isOddFinish ? { finish_reason: finishReason } : {}) }, "choice.", "model"),
      ...textsOf(unknown ?? {}, "completion.", "model"),
    ].map(({ location, text }) => this.#segment(location, text));
    this.#merged = mergeDeltas(
      this.#merged,
      withDeltaTexts(delta, (text, location) => (isPlain(location) ? "" : text)),
    );
    if (Object.keys(delta).length === 0 && segments.length === 0) return;
    const beside = {
      ...unknownRest,
      ...(logprobs === undefined ? {} : { logprobs: soundLogprobs(logprobs, delta, this.#withholds) }),
    };
    this.#queue.addRich({ head, delta, beside, segments });
  }

  #text(location: string): WatchedText {
    const known = this.#texts.get(location);
    if (known !== undefined) return known;
    const made = new WatchedText(location);
    if (this.#isJudged()) made.judged = 0;
    this.#texts.set(location, made);
    return made;
  }

  #append(location: string, piece: string): WatchedText {
    const text = this.#current?.location === location ? this.#current : this.#text(location);
    this.#current = text;
    text.text.append(piece);
    this.#appended(text, piece);
    return text;
  }

  /** Names and ids come whole and often come again: they are read once. */
  #segment(location: string, piece: string): Segment {
    const { text } = this.#text(location);
    const isRepeated = !isPlain(location) && text.length === piece.length && text.length > 0 && text.whole() === piece;
    if (isRepeated) return { text: this.#text(location), start: 0, end: piece.length };
    const start = text.length;
    return { text: this.#append(location, piece), start, end: text.length };
  }

  /** The answer so far, as the model gave it or as the client gets it. */
  message(form: "given" | "sent"): CompletionMessage {
    let merged = this.#merged;
    for (const watched of this) {
      const { location, text } = watched;
      const delta = plainDelta(location, form === "given" ? text.whole() : watched.rendered(0, text.length));
      if (delta !== null) merged = mergeDeltas(merged, delta);
    }
    const message = messageOf(merged);
    if (form === "given") return message;
    return mapTexts(message, (text, location) => {
      const watched = isPlain(location) ? undefined : this.get(location);
      return watched?.text.whole() === text ? watched.rendered(0, text.length) : text;
    });
  }

  /** Texts outside the given message, read with it: beside it, or of shapes that gave way to another in their place. */
  beside(given: CompletionMessage): readonly ExchangeText[] {
    const inMessage = new Map(textsOf(given, "", "model").map(({ location, text }) => [location, text]));
    return [...this]
      .filter(({ location, text }) => inMessage.get(location) !== text.whole())
      .map(({ location, text }) => ({ role: "assistant", text: text.whole(), location }));
  }

  /** The text that the client has. */
  get releasedContent(): string {
    const content = this.#texts.get("content");
    return content === undefined ? "" : content.rendered(0, content.released);
  }

  /** Forgets what was not sent, for an answer that is asked for again. */
  discard(): void {
    this.#merged = {};
    this.#current = null;
    for (const [location, text] of this.#texts) {
      text.discard();
      if (this.#isJudged()) text.judged = text.released;
      if (text.text.length === 0) this.#texts.delete(location);
      else this.#appended(text, text.text.whole());
    }
    const content = this.releasedContent;
    // The model goes on in a turn of its own, which begins without the blank between two words.
    if (/[\p{L}\p{N}.,;:!?)\]]$/u.test(content) && !/\p{Script=Han}$/u.test(content)) {
      // What else the head had was of the answer that is discarded.
      this.#queue.addPlain(this.#lastHead, this.#append("content", " "));
    }
  }
}
