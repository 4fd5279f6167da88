// One choice of a streamed answer between the model and the client. Law: nothing leaves before every fast guardrail has read it
// with what may belong to it; what leaves does not depend on how the network cut the stream.
import { actionFor, decide } from "../../guardrail/decide.ts";
import type { ExchangeText } from "../../guardrail/exchange.ts";
import { flaggedFindings } from "../../guardrail/flagged-categories.ts";
import type { GuardrailSet } from "../../guardrail/run-guardrails.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import { GUIDANCE_LEAK } from "../../policy/category.ts";
import type { Action, Policy } from "../../policy/policy.ts";
import type { ChunkChoice, Fields } from "../../wire/chat-chunk.ts";
import type { CompletionMessage } from "../../wire/chat-completion.ts";
import { textsOf } from "../../wire/message-texts.ts";
import { unknownOfChoice, unknownOfHead } from "../known-fields.ts";
import { mergeDeltas, messageOf } from "./assemble-message.ts";
import { deltaTexts, plainDelta, plainText, withDeltaTexts } from "./delta-texts.ts";
import { PieceQueue, type Segment } from "./piece-queue.ts";
import type { ScoreWatch } from "./score-watch.ts";
import type { Scan, ScanState, TextScanner } from "./text-scan.ts";
import { WatchedText } from "./watched-text.ts";

export interface ChoiceWatch {
  readonly guardrails: GuardrailSet;
  readonly policy: Policy;
  readonly scanner: TextScanner;
  readonly createScore: () => ScoreWatch;
  /** `pieces`: what the fast guardrails clear; `all`: everything until the end; `none`: nothing (mode `observe`) */
  readonly hold: "pieces" | "all" | "none";
  /** whether a judge must have read a text before it leaves */
  readonly isJudged: boolean;
}

/** Why a choice can't go on. */
export interface Stop {
  readonly action: Extract<Action, "repair" | "block"> | "unavailable";
  readonly verdicts: readonly Verdict[];
}

/** Where the texts ended after one event, so that events can be read one by one once more. */
interface Mark {
  readonly text: WatchedText;
  readonly length: number;
}

/** In one event; an answer that needs more is blocked. */
const MOST_CUTS = 100;

/** What is cut out already is dealt with. */
function withoutCut(verdict: Verdict, text: WatchedText): Verdict {
  if (verdict.status !== "flag") return verdict;
  const findings = verdict.findings.filter(({ span }) => span === null || !text.isCut(span));
  return findings.length === 0 ? { ...verdict, status: "pass", findings } : { ...verdict, findings };
}

export class ChoiceGuard {
  readonly index: number;
  readonly #watch: ChoiceWatch;
  readonly #texts = new Map<string, WatchedText>();
  readonly #queue: PieceQueue;
  #score: ScoreWatch;
  #merged: Fields = {};
  #lastHead: Fields = {};
  #current: WatchedText | null = null;
  #marks: Mark[] = [];
  /** the event after which the running score says stop, among `#marks` */
  #scoreStop: { readonly mark: number; readonly verdict: Verdict } | null = null;
  /** flags and errors that did not stop the stream, by guardrail */
  readonly #errors = new Map<string, Verdict>();
  finishReason: string | null = null;

  constructor(index: number, watch: ChoiceWatch) {
    this.index = index;
    this.#watch = watch;
    this.#queue = new PieceQueue(index);
    this.#score = watch.createScore();
  }

  get texts(): Iterable<WatchedText> {
    return this.#texts.values();
  }

  /** guardrails that failed while the stream went on, under a policy that fails open */
  get errors(): readonly Verdict[] {
    return [...this.#errors.values()];
  }

  get receivedCharacters(): number {
    let sum = 0;
    for (const { text } of this.texts) sum += text.length;
    return sum;
  }

  get releasedCharacters(): number {
    let sum = 0;
    for (const text of this.texts) sum += text.given(text.released);
    return sum;
  }

  /** Notes one event; `settle` reads it. */
  take(head: Fields, choice: ChunkChoice): void {
    if (choice.finishReason !== null) this.finishReason = choice.finishReason;
    const { delta, rest, logprobs } = choice;
    this.#lastHead = head;
    const plain = logprobs === null || logprobs === undefined ? plainText(delta) : null;
    const unknownHead = unknownOfHead(head);
    const unknownRest = unknownOfChoice(rest);
    if (plain !== null && unknownHead === null && unknownRest === null) {
      if (plain.text === "") return;
      this.#queue.addPlain(head, this.#append(plain.location, plain.text));
      return;
    }
    const segments: Segment[] = deltaTexts(delta).map(({ location, text }) => this.#segment(location, text));
    for (const { location, text } of [
      ...textsOf(unknownRest ?? {}, "choice.", "model"),
      ...textsOf(unknownHead ?? {}, "completion.", "model"),
    ]) {
      segments.push(this.#segment(location, text));
    }
    const isPlain = (location: string): boolean => plainDelta(location, "") !== null;
    this.#merged = mergeDeltas(
      this.#merged,
      withDeltaTexts(delta, (text, location) => (isPlain(location) ? "" : text)),
    );
    if (Object.keys(delta).length === 0 && segments.length === 0) return;
    this.#queue.addRich({
      head,
      delta,
      beside: { ...unknownRest, ...(logprobs === undefined ? {} : { logprobs }) },
      segments,
    });
  }

  #text(location: string): WatchedText {
    const known = this.#texts.get(location);
    if (known !== undefined) return known;
    const made = new WatchedText(location);
    if (this.#watch.isJudged) made.judged = 0;
    this.#texts.set(location, made);
    return made;
  }

  #append(location: string, piece: string): WatchedText {
    const text = this.#current?.location === location ? this.#current : this.#text(location);
    this.#current = text;
    text.text.append(piece);
    this.#marks.push({ text, length: text.text.length });
    if (this.#watch.hold === "pieces" && this.#scoreStop === null) {
      const verdict = this.#score.push(piece, location);
      if (verdict !== null) this.#scoreStop = { mark: this.#marks.length - 1, verdict };
    }
    return text;
  }

  /** Names and ids come whole and often come again: they are read once. */
  #segment(location: string, piece: string): Segment {
    const known = this.#text(location);
    const isRepeated = plainDelta(location, "") === null && known.text.length > 0 && known.text.whole() === piece;
    if (isRepeated) return { text: known, start: 0, end: piece.length };
    const start = known.text.length;
    this.#append(location, piece);
    return { text: known, start, end: known.text.length };
  }

  /** Reads what was taken, and says whether the choice must stop. What may leave can then be flushed. */
  settle(): Stop | null {
    const marks = this.#marks;
    const stop = marks.length === 0 || this.#watch.hold !== "pieces" ? null : this.#settle(0, marks.length);
    this.#marks = [];
    if (this.#watch.hold === "none") for (const text of this.texts) text.cleared = text.text.length;
    for (const { text, cleared, released } of this.texts) text.settle(Math.min(cleared, released));
    return stop;
  }

  /** All events at once where nothing is found; otherwise halves, down to the event that completed the finding. */
  #settle(from: number, to: number): Stop | null {
    const touched = new Map<WatchedText, { readonly before: ScanState; readonly upTo: number }>();
    for (const { text, length } of this.#marks.slice(from, to)) touched.set(text, { before: text.state, upTo: length });
    const isScoreStop = this.#scoreStop !== null && this.#scoreStop.mark < to;
    const { policy, guardrails } = this.#watch;
    // A guardrail may name one place of several: what it named is cut, and the rest is read again.
    for (let floors = new Map<WatchedText, number>(), round = 0; ; round += 1) {
      const verdicts: Verdict[] = isScoreStop && this.#scoreStop !== null ? [this.#scoreStop.verdict] : [];
      const scans = [...touched].map(([text, { before, upTo }]) => {
        const floor = floors.get(text) ?? text.lastCutBefore(before.scanned);
        return { text, scan: this.#watch.scanner.scan(text.text, text.location, before, upTo, floor) };
      });
      for (const { text, scan } of scans) verdicts.push(...scan.verdicts.map((verdict) => withoutCut(verdict, text)));
      const { action } = decide(policy, verdicts, guardrails);
      if (action === "allow" || action === "annotate") {
        for (const verdict of verdicts) if (verdict.status === "error") this.#errors.set(verdict.guardrail, verdict);
        this.#clear(scans, to);
        return null;
      }
      if (to - from > 1) {
        const middle = (from + to) >>> 1;
        return this.#settle(from, middle) ?? this.#settle(middle, to);
      }
      if (action !== "redact" || round >= MOST_CUTS || !this.cut(verdicts)) {
        return { action: action === "redact" ? "block" : action, verdicts };
      }
      floors = new Map([...touched].map(([text, { upTo }]) => [text, text.lastCutBefore(upTo + 1)]));
    }
  }

  #clear(scans: readonly { readonly text: WatchedText; readonly scan: Scan }[], to: number): void {
    // A text whose turn is over goes on only if the model comes back to it.
    const last = this.#marks[to - 1]?.text;
    for (const { text, scan } of scans) {
      text.state = scan.state;
      text.cleared = Math.max(text.cleared, scan.heldFrom);
    }
    for (const text of this.texts) if (text !== last) text.cleared = Math.max(text.cleared, text.state.scanned);
  }

  /** Cuts the flagged spans out. False if one of them left already, in part. */
  cut(verdicts: readonly Verdict[]): boolean {
    const { policy } = this.#watch;
    const findings = flaggedFindings(verdicts).filter(
      ({ category }) => actionFor(policy, "output", category) === "redact",
    );
    const placed = findings.flatMap(({ span, category }) => {
      const text = span === null ? undefined : this.#texts.get(span.location);
      return span === null || text === undefined ? [] : [{ span, category, text }];
    });
    // Our own guidance is no secret: its echo is cut off where it is noticed.
    const isTooLate = placed.some(({ span, category, text }) => category !== GUIDANCE_LEAK && text.isPartlyGone(span));
    if (isTooLate || placed.length < findings.length) return false;
    for (const { span, text } of placed) text.cut(span);
    return true;
  }

  /** Forgets what was not sent, for an answer that is asked for again. */
  discard(): void {
    this.#queue.clear();
    this.#marks = [];
    this.#scoreStop = null;
    this.#merged = {};
    this.#current = null;
    this.#score = this.#watch.createScore();
    for (const [location, text] of this.#texts) {
      text.discard();
      if (this.#watch.isJudged) text.judged = text.released;
      if (text.text.length === 0) this.#texts.delete(location);
      else this.#score.push(text.text.whole(), location);
    }
    this.finishReason = null;
    const content = this.releasedContent;
    // The model goes on in a turn of its own, which begins without the blank between two words.
    if (/[\p{L}\p{N}.,;:!?)\]]$/u.test(content) && !/\p{Script=Han}$/u.test(content)) this.#pad();
  }

  #pad(): void {
    this.#queue.addPlain(this.#lastHead, this.#append("content", " "));
  }

  flush(): readonly Fields[] {
    return this.#queue.flush();
  }

  /** Everything may leave: the last check is done. */
  clearAll(): void {
    for (const text of this.texts) {
      text.cleared = text.text.length;
      text.judged = Number.POSITIVE_INFINITY;
    }
  }

  /** what the client will have got when everything that is clear has left */
  get clearCharacters(): number {
    let sum = 0;
    for (const text of this.texts) sum += text.given(Math.max(text.released, text.cleared));
    return sum;
  }

  /** The text that the client has, for a model that is asked to go on from there. */
  get releasedContent(): string {
    const content = this.#texts.get("content");
    return content === undefined ? "" : content.rendered(0, content.released);
  }

  /** A tool call that left in part can't be taken back or gone on with. */
  get hasReleasedCalls(): boolean {
    return [...this.texts].some(({ location, released }) => location.startsWith("tool_calls") && released > 0);
  }

  /** Nothing more of it leaves. */
  withhold(): void {
    this.#queue.clear();
  }

  /** The answer so far, as the model gave it or as the client gets it. */
  message(form: "given" | "sent" = "given"): CompletionMessage {
    let merged = this.#merged;
    for (const watched of this.texts) {
      const { location, text } = watched;
      const delta = plainDelta(location, form === "given" ? text.whole() : watched.rendered(0, text.length));
      if (delta !== null) merged = mergeDeltas(merged, delta);
    }
    return messageOf(merged);
  }

  /** Texts outside the message, read with it. */
  beside(): readonly ExchangeText[] {
    return [...this.texts]
      .filter(({ location }) => /^(?:choice|completion)\./.test(location))
      .map(({ location, text }) => ({ role: "assistant", text: text.whole(), location }));
  }
}
