// Reads a growing text with the fast guardrails, piece by piece. Law: every unit is seen by every guardrail together with what
// may belong to it; at most MOST_HELD_UNITS are held; pieces overlap by a constant, so the cost stays linear.
import { errorMessage } from "../../lib/error-message.ts";
import type { Exchange } from "../../guardrail/exchange.ts";
import { type FastGuardrail, type Glimpse, MOST_HELD_UNITS } from "../../guardrail/guardrail.ts";
import type { Finding, Verdict } from "../../guardrail/verdict.ts";
import { failed, judged } from "../../guardrail/verdicts.ts";
import type { GrowingText } from "./growing-text.ts";

/** Read again before what is new, so that a pattern's first words are there. */
const OVERLAP_UNITS = 48;
/** How far back the beginning of a piece is moved to white space. */
const MOST_WORD_UNITS = 64;
/** Further back than this only from time to time: whenever the open stretch has grown by a quarter. */
const NEAR_UNITS = 512;
const FAR_GROWTH = 1.25;

/** How far a text was read. A value, so that a reader can go back to where it was. */
export interface ScanState {
  readonly scanned: number;
  /** from here on something may have begun that is not complete */
  readonly openFrom: number;
  /** length of the text when it was last read from far back */
  readonly farAt: number;
}

export const UNREAD: ScanState = { scanned: 0, openFrom: 0, farAt: 0 };

export interface Scan {
  readonly state: ScanState;
  /** flags and errors; findings with spans in the whole text */
  readonly verdicts: readonly Verdict[];
  /** everything before may leave, as far as these guardrails can say */
  readonly heldFrom: number;
}

const BOUNDARY = /[\s\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]/;

/** The first unit behind white space (or between two characters of a script without blanks) at or before `place`. */
function safeStart(text: GrowingText, place: number): number {
  const first = Math.max(0, place - MOST_WORD_UNITS);
  const before = text.slice(first, place);
  for (let back = before.length; back > 0; back -= 1) {
    if (BOUNDARY.test(before.charAt(back - 1))) return first + back;
  }
  return first;
}

function isWithinPair(text: GrowingText, place: number): boolean {
  const [high, low] = [text.slice(place - 1, place).charCodeAt(0), text.slice(place, place + 1).charCodeAt(0)];
  return high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
}

function shifted({ span, ...finding }: Finding, by: number): Finding {
  return { ...finding, span: span === null ? null : { ...span, start: span.start + by, end: span.end + by } };
}

export class TextScanner {
  readonly #guardrails: readonly FastGuardrail[];
  readonly #exchange: Exchange;

  /** @param guardrails those whose flags would withhold something, and that can read pieces */
  constructor(guardrails: readonly FastGuardrail[], exchange: Exchange) {
    this.#guardrails = guardrails.filter((guardrail) => "glimpse" in guardrail);
    this.#exchange = exchange;
  }

  /** @param floor what lies before is dealt with (it was cut out), and is not read again */
  scan(text: GrowingText, location: string, state: ScanState, upTo: number, floor = 0): Scan {
    const isFar = state.openFrom < state.scanned - NEAR_UNITS;
    const isDue = upTo - state.openFrom >= FAR_GROWTH * (state.farAt - state.openFrom);
    const near = Math.max(0, state.scanned - OVERLAP_UNITS);
    const wanted = isFar && !isDue ? near : Math.min(near, state.openFrom);
    const start = Math.max(floor, safeStart(text, wanted));
    const piece = { role: "assistant" as const, text: text.slice(start, upTo), location };
    const verdicts: Verdict[] = [];
    let openFrom = upTo;
    for (const guardrail of this.#guardrails) {
      const glimpse = this.#glimpse(guardrail, piece, verdicts);
      if (glimpse === null) continue;
      openFrom = Math.min(openFrom, start + glimpse.openFrom);
      if (glimpse.findings.length === 0) continue;
      const findings = glimpse.findings.map((finding) => shifted(finding, start));
      verdicts.push(judged(guardrail, "output", findings));
    }
    if (isFar && !isDue) openFrom = Math.min(openFrom, state.openFrom);
    const farAt = isFar && !isDue ? state.farAt : upTo;
    let heldFrom = Math.max(openFrom, upTo - MOST_HELD_UNITS);
    if (heldFrom > 0 && (heldFrom < upTo ? isWithinPair(text, heldFrom) : isHigh(piece.text))) heldFrom -= 1;
    return { state: { scanned: upTo, openFrom, farAt }, verdicts, heldFrom };
  }

  #glimpse(
    guardrail: FastGuardrail,
    piece: Parameters<NonNullable<FastGuardrail["glimpse"]>>[0],
    verdicts: Verdict[],
  ): Glimpse | null {
    try {
      return guardrail.glimpse?.(piece, this.#exchange) ?? null;
    } catch (caught) {
      verdicts.push(failed(guardrail, "output", errorMessage(caught)));
      return null;
    }
  }
}

/** Whether a text ends in the first half of a surrogate pair. */
function isHigh(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00;
}
