// One choice of a streamed answer between the model and the client. Law: nothing leaves before every fast guardrail has read it
// with what may belong to it; what leaves does not depend on how the network cut the stream.
import { actionFor, decide, letsPass } from "../../guardrail/decide.ts";
import { flaggedFindings } from "../../guardrail/flagged-categories.ts";
import type { GuardrailSet } from "../../guardrail/run-guardrails.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import { GUIDANCE_LEAK } from "../../policy/category.ts";
import type { Policy } from "../../policy/policy.ts";
import type { ChunkChoice, Fields } from "../../wire/chat-chunk.ts";
import type { SoundHead } from "../known-fields.ts";
import type { Withholds } from "../sound-logprobs.ts";
import { ChoiceTexts } from "./choice-texts.ts";
import type { JudgeWindows } from "./judge-windows.ts";
import { PieceQueue } from "./piece-queue.ts";
import type { ScoreWatch } from "./score-watch.ts";
import type { Stop } from "./stop.ts";
import type { Scan, ScanState, TextScanner } from "./text-scan.ts";
import type { WatchedText } from "./watched-text.ts";

export interface ChoiceWatch {
  readonly guardrails: GuardrailSet;
  readonly policy: Policy;
  readonly scanner: TextScanner;
  /** reads what stands in log probabilities alone */
  readonly withholds: Withholds;
  /** @param looked is told what the running scores say */
  readonly createScore: (looked: (verdicts: readonly Verdict[]) => void) => ScoreWatch;
  /** `pieces`: what the fast guardrails clear; `all`: everything until the end; `none`: nothing (mode `observe`) */
  readonly hold: "pieces" | "all" | "none";
}

/** Where the texts ended after one event, so that events can be read one by one once more. */
interface Mark {
  readonly text: WatchedText;
  /** the number of the event */
  readonly event: number;
  /** before the event's piece, and with it */
  readonly start: number;
  readonly length: number;
}

const LOOK_BACK_UNITS = 256;

/** Each with a place of its own: no model calls so many tools, but a broken server may invent names of fields. */
const MOST_TEXTS = 2_000;

/** In one event; an answer that needs more is blocked. */
const MOST_CUTS = 100;

/** Fields that nobody knows have no lasting place in a stream, and those beside the message can't be cut. */
const PLACELESS = /^(?:choice|completion)\.|~/;

/** What is cut out already is dealt with. */
function withoutCut(verdict: Verdict, text: WatchedText): Verdict {
  if (verdict.status !== "flag") return verdict;
  const findings = verdict.findings.filter(({ span }) => span === null || !text.isCut(span));
  return findings.length === 0 ? { ...verdict, status: "pass", findings } : { ...verdict, findings };
}

export class ChoiceGuard {
  readonly index: number;
  readonly texts: ChoiceTexts;
  readonly #watch: ChoiceWatch;
  readonly #queue: PieceQueue;
  readonly #windows: JudgeWindows | null;
  #score: ScoreWatch;
  #marks: Mark[] = [];
  #events = 0;
  /** the event after which the running score says stop, among `#marks` */
  #scoreStop: { readonly mark: number; readonly verdict: Verdict } | null = null;
  finishReason: string | null = null;
  /** failures of running scores that were let pass, for the notes of the answer */
  readonly errors: Verdict[] = [];

  /** @param windows of the judges that a text may have to wait for */
  constructor(index: number, watch: ChoiceWatch, windows: JudgeWindows | null) {
    this.index = index;
    this.#watch = watch;
    this.#windows = windows;
    this.#queue = new PieceQueue(index);
    this.#score = this.#createScore();
    const isJudged = (): boolean => windows?.isActive ?? false;
    this.texts = new ChoiceTexts(this.#queue, isJudged, watch.withholds, (text, piece) => {
      this.#appended(text, piece);
    });
    windows?.watch(this.texts);
  }

  #createScore(): ScoreWatch {
    return this.#watch.createScore((verdicts) => this.#windows?.look(verdicts));
  }

  /** More than the policy lets an answer be. */
  get isTooLong(): boolean {
    const characters = this.texts.sum(({ text }) => text.length);
    return characters > this.#watch.policy.max_answer_characters || this.texts.size > MOST_TEXTS;
  }

  get releasedCharacters(): number {
    return this.texts.sum((text) => text.given(text.released));
  }

  /** what the client has when everything has left */
  get allCharacters(): number {
    return this.texts.sum((text) => text.given(text.text.length));
  }

  /** A tool call that left in part can't be taken back or gone on with. */
  get hasReleasedCalls(): boolean {
    return this.texts.sum(({ location, released }) => (location.startsWith("tool_calls") ? released : 0)) > 0;
  }

  /** Notes one event; `settle` reads it. */
  take(head: SoundHead, choice: ChunkChoice): void {
    if (choice.finishReason !== null) this.finishReason = choice.finishReason;
    this.#events += 1;
    this.texts.take(head, choice);
  }

  #appended(text: WatchedText, piece: string): void {
    this.#marks.push({ text, event: this.#events, start: text.text.length - piece.length, length: text.text.length });
    if (this.#watch.hold !== "pieces") return;
    const verdict = this.#score.push(piece, text.location);
    if (verdict !== null) this.#scoreStop ??= { mark: this.#marks.length - 1, verdict };
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
    const scored = this.#scoreStop !== null && this.#scoreStop.mark < to ? [this.#scoreStop.verdict] : [];
    const { policy, guardrails } = this.#watch;
    // A guardrail may name one place of several: what it named is cut, and the rest is read again.
    for (let floors = new Map<WatchedText, number>(), round = 0; ; round += 1) {
      const verdicts: Verdict[] = [...scored];
      const scans = [...touched].map(([text, { before, upTo }]) => {
        const floor = floors.get(text) ?? text.lastCutBefore(before.scanned);
        return { text, scan: this.#watch.scanner.scan(text.text, text.location, before, upTo, floor) };
      });
      for (const { text, scan } of scans) verdicts.push(...scan.verdicts.map((verdict) => withoutCut(verdict, text)));
      const { action } = decide(policy, verdicts, guardrails);
      if (letsPass(action)) {
        this.#clear(scans, from, to);
        this.#passed(scored);
        return null;
      }
      if (to - from > 1) {
        const middle = (from + to) >>> 1;
        return this.#settle(from, middle) ?? this.#settle(middle, to);
      }
      if (action !== "redact" || round >= MOST_CUTS || !this.cut(verdicts)) {
        this.#forgetAfter(to);
        return { action: action === "redact" ? "block" : action, verdicts };
      }
      floors = new Map([...touched].map(([text, { upTo }]) => [text, text.lastCutBefore(upTo + 1)]));
    }
  }

  /** What the running score says is let pass, so it may say something else later. */
  #passed(scored: readonly Verdict[]): void {
    if (scored.length > 0) this.#scoreStop = null;
    this.errors.push(...scored.filter(({ status }) => status === "error"));
  }

  /**
   * Had the events come one by one, more might have left: what is open after one event may reach further back after the next.
   * Only events that end behind what is clear can tell more, and those are few.
   */
  #clearOneByOne(from: number, to: number): void {
    for (const { text, start, length } of this.#marks.slice(from, to)) {
      if (length <= text.cleared) continue;
      const state = { scanned: start, openFrom: Math.max(0, start - LOOK_BACK_UNITS), farAt: start };
      const floor = text.lastCutBefore(start);
      const { heldFrom } = this.#watch.scanner.scan(text.text, text.location, state, length, floor);
      text.cleared = Math.max(text.cleared, heldFrom);
    }
  }

  /** What came in one read behind the event that stopped it is as if it had never come. */
  #forgetAfter(to: number): void {
    const later = this.#marks.slice(to);
    for (const { text, start } of later.toReversed()) text.text.truncate(start);
  }

  #clear(scans: readonly { readonly text: WatchedText; readonly scan: Scan }[], from: number, to: number): void {
    for (const { text, scan } of scans) {
      text.state = scan.state;
      text.cleared = Math.max(text.cleared, scan.heldFrom);
    }
    if (to - from > 1) this.#clearOneByOne(from, to);
    this.#endTurns(from, to);
  }

  /**
   * A text whose turn is over goes on only if the model comes back to it, so it holds nothing. It is over where a later event
   * says something else of the message; what servers put beside the message, with every chunk perhaps, ends no turn.
   */
  #endTurns(from: number, to: number): void {
    const open = new Map<WatchedText, number>();
    for (const text of this.texts) open.set(text, text.state.scanned);
    for (const { text, start } of this.#marks.slice(from, to).toReversed()) open.set(text, start);
    for (let place = from; place < to;) {
      const { marks, end } = this.#eventAt(place);
      const said = new Set(marks.map(({ text }) => text));
      const isOfMessage = marks.some(({ text }) => !PLACELESS.test(text.location));
      for (const [text, length] of isOfMessage ? open : []) {
        if (said.has(text)) continue;
        text.cleared = Math.max(text.cleared, length);
        open.delete(text);
      }
      for (const { text, length } of this.#marks.slice(place, Math.min(end, to))) open.set(text, length);
      place = end;
    }
  }

  /** All marks of the event that the mark at this place is of, and where they end. */
  #eventAt(place: number): { readonly marks: readonly Mark[]; readonly end: number } {
    const event = this.#marks[place]?.event;
    let [start, end] = [place, place + 1];
    while (start > 0 && this.#marks[start - 1]?.event === event) start -= 1;
    while (this.#marks[end]?.event === event) end += 1;
    return { marks: this.#marks.slice(start, end), end };
  }

  /** Cuts the flagged spans out. False if one of them left already, in part, or stands where nothing can be cut. */
  cut(verdicts: readonly Verdict[]): boolean {
    const { policy } = this.#watch;
    const findings = flaggedFindings(verdicts).filter(
      ({ category }) => actionFor(policy, "output", category) === "redact",
    );
    const placed = findings.flatMap(({ span, category }) => {
      const text = span === null || PLACELESS.test(span.location) ? undefined : this.texts.get(span.location);
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
    this.#score = this.#createScore();
    this.finishReason = null;
    this.texts.discard();
    this.#windows?.restart();
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

  /** Nothing more of it leaves. */
  withhold(): void {
    this.#queue.clear();
  }
}
