// The judges of one choice of a stream. Law: nothing leaves that a judge who is asked has not read; nothing is held for one who is
// not; who has begun goes on to the end.
import { escalation, type Standing, standingUnder } from "../../guardrail/escalation.ts";
import type { SlowGuardrail } from "../../guardrail/guardrail.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import { judgeOf } from "../../policy/judge-policy.ts";
import type { Stop } from "./stop.ts";
import { JudgeReader, type Reading, type Window } from "./judge-reader.ts";
import type { WatchedText } from "./watched-text.ts";

export class JudgeWindows {
  readonly #readers: readonly JudgeReader[];
  readonly #reading: Reading;
  readonly #draw: number;
  #texts: Iterable<WatchedText> = [];
  #scores: readonly Verdict[] = [];
  /** failures of windows that were let pass, for the notes of the answer */
  readonly errors: Verdict[] = [];

  /** @param hasScore a running score will tell where the answer stands; without one it is as uncertain as it can be */
  constructor(judges: readonly SlowGuardrail[], reading: Reading, draw: number, hasScore: boolean) {
    this.#reading = reading;
    this.#draw = draw;
    this.#readers = judges.map((judge) => new JudgeReader(judge, reading));
    this.#escalate(hasScore ? "certain" : this.#standing());
  }

  /** The texts that it lets leave. */
  watch(texts: Iterable<WatchedText>): void {
    this.#texts = texts;
    this.#mark();
  }

  get isActive(): boolean {
    return this.#readers.some(({ isActive }) => isActive);
  }

  /** The judges that have begun. */
  get begun(): ReadonlySet<string> {
    return new Set(this.#readers.filter(({ isActive }) => isActive).map(({ judge }) => judge.id));
  }

  /** Of these, those that have read all of what has come but an end that they read at once. */
  get readBefore(): ReadonlySet<string> {
    return new Set(this.#readers.filter((reader) => reader.hasRead(this.#texts)).map(({ judge }) => judge.id));
  }

  /** What the running score says of what has come. */
  look(verdicts: readonly Verdict[]): void {
    this.#scores = verdicts;
    this.#escalate(this.#standing());
    this.#mark();
  }

  #standing(): Standing {
    const { policy, fast } = this.#reading;
    return standingUnder(policy, fast, this.#scores, "output");
  }

  #escalate(standing: Standing): void {
    for (const reader of this.#readers) {
      const judge = judgeOf(this.#reading.policy, reader.judge.id);
      const { run } = escalation({ judge, standing, isDecided: false, draw: this.#draw });
      if (run && !reader.isActive) reader.start(this.#texts);
    }
  }

  /** The window that is judged first. */
  get pending(): Promise<Window> | null {
    const windows = this.#readers.flatMap(({ pending }) => pending ?? []);
    const [only = null] = windows;
    return windows.length > 1 ? Promise.race(windows) : only;
  }

  /** Begins each judge's window if enough has come for it and none is in flight. */
  begin(texts: Iterable<WatchedText>): void {
    for (const reader of this.#readers) reader.begin(texts);
  }

  conclude(window: Window): Stop | null {
    const others = this.#readers
      .filter((reader) => reader !== window.reader)
      .flatMap(({ suspicion }) => suspicion ?? []);
    const stop = window.reader.conclude(window, [...this.#scores, ...others]);
    if (stop === null && window.verdict.status === "error") this.errors.push(window.verdict);
    this.#mark();
    return stop;
  }

  #mark(): void {
    const active = this.#readers.filter(({ isActive }) => isActive);
    if (active.length === 0) return;
    for (const text of this.#texts) text.judged = Math.min(...active.map((reader) => reader.readOf(text)));
  }

  /** The answer is asked for again. */
  restart(): void {
    for (const reader of this.#readers) reader.restart();
    this.#mark();
  }

  stop(): void {
    for (const reader of this.#readers) reader.stop();
  }
}
