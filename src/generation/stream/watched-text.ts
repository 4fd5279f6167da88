// One text of an answer on its way to the client: what has come, how far it was read, what of it may leave, what is cut out.
// Law: nothing beyond `cleared` leaves, and no unit that is cut.
import { REDACTED } from "../redact-answer.ts";
import { GrowingText } from "./growing-text.ts";
import { type ScanState, UNREAD } from "./text-scan.ts";

interface Range {
  readonly start: number;
  readonly end: number;
}

export class WatchedText {
  readonly location: string;
  readonly text = new GrowingText();
  state: ScanState = UNREAD;
  /** up to here the fast guardrails have nothing against it */
  cleared = 0;
  /** up to here a judge has read it; without a judge everything counts as read */
  judged = Number.POSITIVE_INFINITY;
  /** up to here it was sent */
  released = 0;
  #cuts: Range[] = [];

  constructor(location: string) {
    this.location = location;
  }

  /** what left already, or leaves with the next write whatever comes */
  get #gone(): number {
    return Math.max(this.released, Math.min(this.cleared, this.judged));
  }

  get releasable(): number {
    const limit = Math.min(this.cleared, this.judged, this.text.length);
    // A marker stands for the whole cut, so a cut leaves whole or not at all.
    const within = this.#cuts.find(({ start, end }) => start < limit && limit < end);
    return within === undefined || within.start < this.released ? limit : within.start;
  }

  /** Whether a part of the range is too late to be cut. */
  isPartlyGone({ start, end }: Range): boolean {
    const gone = Math.min(end, this.#gone);
    return start < gone && !this.isCut({ start, end: gone });
  }

  /** Cuts what of a range is not gone yet. */
  cut({ start, end }: Range): void {
    const from = this.isPartlyGone({ start, end }) ? this.#gone : start;
    if (from >= end) return;
    const touching = this.#cuts.filter((cut) => cut.start <= end && from <= cut.end);
    const joined = {
      start: Math.min(from, ...touching.map((cut) => cut.start)),
      end: Math.max(end, ...touching.map((cut) => cut.end)),
    };
    this.#cuts = [...this.#cuts.filter((cut) => !touching.includes(cut)), joined].toSorted(
      (left, right) => left.start - right.start,
    );
  }

  /** how many of the first `upTo` units are not cut */
  given(upTo: number): number {
    return this.#cuts.reduce((sum, { start, end }) => sum - Math.max(0, Math.min(end, upTo) - start), upTo);
  }

  /** The end of the last cut before `place`; 0 if there is none. */
  lastCutBefore(place: number): number {
    return this.#cuts.findLast(({ end }) => end < place)?.end ?? 0;
  }

  isCut({ start, end }: Range): boolean {
    return this.#cuts.some((cut) => cut.start <= start && end <= cut.end);
  }

  touchesCut(start: number, end: number): boolean {
    return this.#cuts.some((cut) => cut.start < end && start < cut.end);
  }

  /** [start, end) as it may be sent: one marker for each cut that begins there. */
  rendered(start: number, end: number): string {
    let rendered = "";
    let place = start;
    for (const cut of this.#cuts) {
      if (cut.end <= place || cut.start >= end) continue;
      if (cut.start >= place) rendered += this.text.slice(place, cut.start) + REDACTED;
      place = Math.min(cut.end, end);
    }
    return rendered + this.text.slice(place, end);
  }

  /** Forgets what was not sent, for an answer that is asked for again. */
  discard(): void {
    this.text.truncate(this.released);
    this.#cuts = this.#cuts.filter(({ start }) => start < this.released);
    this.cleared = this.released;
    this.state = { scanned: this.released, openFrom: this.released, farAt: this.released };
  }
}
