// One judge on a stream: growing windows of what it has not read, one in flight. Law: it never reads a text twice but for the
// context; a soft category needs two windows in a row, a hard one a single one; a window that failed clears nothing by itself.
import { decide, letsPass } from "../../guardrail/decide.ts";
import type { Exchange, ExchangeText } from "../../guardrail/exchange.ts";
import { flaggedCategories } from "../../guardrail/flagged-categories.ts";
import type { FastGuardrail, SlowGuardrail } from "../../guardrail/guardrail.ts";
import { askJudge, type Asked, type JudgedCall } from "../../guardrail/run-cascade.ts";
import { MOST_JUDGED_CHARACTERS, MOST_READ_CHARACTERS } from "../../guardrail/judges/judge-in-pieces.ts";
import { shiftedSpans } from "../../guardrail/shifted-spans.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import { judgeOf } from "../../policy/judge-policy.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Stop } from "./stop.ts";
import type { WatchedText } from "./watched-text.ts";

const GROWTH = 1.5;
/** At least fifty tokens of what was judged before stand in front of a window. */
const CONTEXT_UNITS = 250;
/** Longer ones would cost a judge several calls. */
const MOST_WINDOW_UNITS = MOST_JUDGED_CHARACTERS - CONTEXT_UNITS;
/** From the end backwards a judge surely reads so much of an answer at once: what it is quoted with takes less than the other half. */
const SURELY_READ_UNITS = MOST_READ_CHARACTERS / 2;

export interface Window extends Asked {
  readonly reader: JudgeReader;
  /** how long each text was when the window was taken */
  readonly lengths: ReadonlyMap<WatchedText, number>;
}

/** What every reader of one choice is made of. */
export interface Reading {
  readonly policy: Policy;
  /** they know where the uncertain band begins */
  readonly fast: readonly FastGuardrail[];
  /** without an answer */
  readonly exchange: Exchange;
  readonly call: JudgedCall;
}

interface Excerpt extends Pick<Window, "lengths"> {
  readonly answer: readonly ExchangeText[];
  /** where each of its texts begins in the answer's */
  readonly starts: ReadonlyMap<string, number>;
}

export class JudgeReader {
  readonly judge: SlowGuardrail;
  readonly #reading: Reading;
  readonly #read = new Map<WatchedText, number>();
  #windowUnits: number;
  #inFlight: { readonly window: Promise<Window>; readonly stop: AbortController } | null = null;
  isActive = false;
  /** something left, or was let pass, that it did not read */
  #hasGap = false;
  /** the flag of the last window, which the next one may confirm */
  suspicion: Verdict | null = null;

  constructor(judge: SlowGuardrail, reading: Reading) {
    this.judge = judge;
    this.#reading = reading;
    this.#windowUnits = judgeOf(reading.policy, judge.id).first_window_characters;
  }

  get pending(): Promise<Window> | null {
    return this.#inFlight?.window ?? null;
  }

  /** Up to where it lets a text leave. */
  readOf(text: WatchedText): number {
    return this.#read.get(text) ?? 0;
  }

  /** From now on nothing leaves that it has not read; what has left stays released. */
  start(texts: Iterable<WatchedText>): void {
    this.isActive = true;
    for (const text of texts) {
      this.#read.set(text, text.released);
      this.#hasGap ||= text.released > 0;
    }
  }

  /** Whether it has read all of these but an end that it reads at once. */
  hasRead(texts: Iterable<WatchedText>): boolean {
    if (!this.isActive || this.#hasGap) return false;
    let behindRead = 0;
    for (const watched of texts) {
      const { length } = watched.text;
      behindRead += behindRead > 0 ? length : length - this.readOf(watched);
    }
    return behindRead <= SURELY_READ_UNITS;
  }

  /** The answer is asked for again: what did not leave is forgotten. */
  restart(): void {
    for (const [text, read] of this.#read) this.#read.set(text, Math.min(read, text.released));
  }

  /** Begins a window if enough has come and none is in flight. */
  begin(texts: Iterable<WatchedText>): void {
    if (!this.isActive || this.#inFlight !== null) return;
    const lengths = new Map<WatchedText, number>();
    const answer: ExchangeText[] = [];
    const starts = new Map<string, number>();
    let unread = 0;
    for (const watched of texts) {
      const { text, location } = watched;
      const read = this.readOf(watched);
      const end = Math.min(text.length, read + MOST_WINDOW_UNITS);
      lengths.set(watched, end);
      if (end <= read) continue;
      unread += end - read;
      const start = Math.max(0, read - CONTEXT_UNITS);
      starts.set(location, start);
      answer.push({ role: "assistant", text: text.slice(start, end), location });
    }
    if (unread < this.#windowUnits) return;
    this.#windowUnits = Math.min(Math.ceil(this.#windowUnits * GROWTH), MOST_WINDOW_UNITS);
    const stop = new AbortController();
    this.#inFlight = { window: this.#ask({ answer, starts, lengths }, stop.signal), stop };
  }

  async #ask({ answer, starts, lengths }: Excerpt, stop: AbortSignal): Promise<Window> {
    const { exchange, call, policy } = this.#reading;
    const stoppable = { ...call, signal: AbortSignal.any([call.signal, stop]) };
    const asked = await askJudge(this.judge, { ...exchange, answer }, "output", stoppable, policy);
    return { ...asked, verdict: shiftedSpans(asked.verdict, starts), reader: this, lengths };
  }

  /**
   * Takes what the judge said of the window in flight: a stop, or nothing, and then `readOf` tells what may leave.
   * @param beside what the score and the other judges say
   */
  conclude({ verdict, isLate, lengths }: Window, beside: readonly Verdict[]): Stop | null {
    this.#inFlight = null;
    const { policy } = this.#reading;
    if (isLate) {
      const { on_timeout: onTimeout } = judgeOf(policy, this.judge.id);
      if (onTimeout === "block") return { action: "block", verdicts: [verdict] };
      if (onTimeout === "release_flagged") {
        this.#hasGap = true;
        this.#release(lengths);
      }
      return null;
    }
    const { action } = decide(policy, [verdict], { fast: this.#reading.fast, slow: [this.judge] }, beside);
    if (action === "unavailable") return { action, verdicts: [verdict] };
    if (letsPass(action)) {
      this.#hasGap ||= verdict.status === "error";
      this.#release(lengths);
      return null;
    }
    const hard: readonly string[] = policy.hard_categories;
    const isHard = flaggedCategories([verdict]).some((category) => hard.includes(category));
    const isFirst = this.suspicion === null;
    this.suspicion = verdict;
    if (!isHard && isFirst) return null;
    const agreeing = beside.filter(({ status, guardrail }) => status === "flag" && guardrail !== this.judge.id);
    // What most judges flag has no place, and what has one may have begun to leave: it is not cut out here.
    return { action: action === "repair" ? "repair" : "block", verdicts: [verdict, ...agreeing] };
  }

  #release(lengths: Window["lengths"]): void {
    this.suspicion = null;
    for (const [text, length] of lengths) this.#read.set(text, Math.max(this.readOf(text), length));
  }

  stop(): void {
    this.#inFlight?.stop.abort();
    this.#inFlight = null;
  }
}
