// Judges on a stream: growing windows of what has not been judged, one in flight. Law: what may leave only grows; a soft category
// needs two windows in a row, a hard one a single one; a window that failed clears nothing by itself.
import { decide, letsPass } from "../../guardrail/decide.ts";
import type { Exchange, ExchangeText } from "../../guardrail/exchange.ts";
import { flaggedCategories } from "../../guardrail/flagged-categories.ts";
import type { GuardrailCall, SlowGuardrail } from "../../guardrail/guardrail.ts";
import { runGuardrails } from "../../guardrail/run-guardrails.ts";
import { MOST_JUDGED_CHARACTERS } from "../../guardrail/judges/judge-in-pieces.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import { judgeOf } from "../../policy/judge-policy.ts";
import type { Policy } from "../../policy/policy.ts";
import { withDeadline } from "../judge-deadline.ts";
import type { Stop } from "./choice-guard.ts";
import type { WatchedText } from "./watched-text.ts";

const GROWTH = 1.5;
/** At least fifty tokens of what was judged before stand in front of a window. */
const CONTEXT_UNITS = 250;
/** Longer ones would cost a judge several calls. */
const MOST_WINDOW_UNITS = MOST_JUDGED_CHARACTERS - CONTEXT_UNITS;

interface Window {
  readonly verdicts: readonly Verdict[];
  readonly isTimeout: boolean;
  /** how long each text was when the window was taken */
  readonly lengths: ReadonlyMap<WatchedText, number>;
}

export class JudgeWindows {
  readonly #judges: readonly SlowGuardrail[];
  readonly #policy: Policy;
  readonly #exchange: Exchange;
  readonly #call: GuardrailCall;
  #windowUnits: number;
  #isSuspicious = false;
  #inFlight: { readonly window: Promise<Window>; readonly stop: AbortController } | null = null;
  /** failures of windows that were let pass, for the notes of the answer */
  readonly errors: Verdict[] = [];

  constructor(judges: readonly SlowGuardrail[], policy: Policy, exchange: Exchange, call: GuardrailCall) {
    this.#judges = judges;
    this.#policy = policy;
    this.#exchange = exchange;
    this.#call = call;
    this.#windowUnits = judgeOf(policy, judges[0]?.id ?? "").first_window_characters;
  }

  /** The window being judged. */
  get pending(): Promise<Window> | null {
    return this.#inFlight?.window ?? null;
  }

  /** Begins a window if enough has come and none is in flight. */
  begin(texts: Iterable<WatchedText>): void {
    if (this.#inFlight !== null) return;
    const lengths = new Map<WatchedText, number>();
    const answer: ExchangeText[] = [];
    let unjudged = 0;
    for (const watched of texts) {
      const { text, judged, location } = watched;
      const end = Math.min(text.length, judged + MOST_WINDOW_UNITS);
      lengths.set(watched, end);
      if (end <= judged) continue;
      unjudged += end - judged;
      const window = text.slice(Math.max(0, judged - CONTEXT_UNITS), end);
      answer.push({ role: "assistant", text: window, location });
    }
    if (unjudged < this.#windowUnits) return;
    this.#windowUnits = Math.min(Math.ceil(this.#windowUnits * GROWTH), MOST_WINDOW_UNITS);
    const stop = new AbortController();
    this.#inFlight = { window: this.#judge({ ...this.#exchange, answer }, lengths, stop.signal), stop };
  }

  async #judge(exchange: Exchange, lengths: Window["lengths"], signal: AbortSignal): Promise<Window> {
    const stopped = AbortSignal.any([this.#call.signal, signal]);
    const call = withDeadline({ ...this.#call, signal: stopped }, this.#policy, this.#judges);
    const verdicts = await runGuardrails({ fast: [], slow: this.#judges }, exchange, "output", call);
    return { verdicts, isTimeout: call.signal.aborted && !stopped.aborted, lengths };
  }

  /** Takes what the judges said of the window in flight. */
  conclude({ verdicts, isTimeout, lengths }: Window): Stop | null {
    this.#inFlight = null;
    const failed = verdicts.some(({ status }) => status === "error");
    if (isTimeout && failed) return this.#afterTimeout(verdicts, lengths);
    const decision = decide(this.#policy, verdicts, { fast: [], slow: this.#judges });
    if (decision.action === "unavailable") return { action: "unavailable", verdicts };
    if (letsPass(decision.action)) {
      this.#release(verdicts, lengths);
      return null;
    }
    const hard: readonly string[] = this.#policy.hard_categories;
    const isHard = flaggedCategories(verdicts).some((category) => hard.includes(category));
    if (!isHard && !this.#isSuspicious) {
      this.#isSuspicious = true;
      return null;
    }
    // What a judge flags has no place, so it can't be cut out.
    return { action: decision.action === "repair" ? "repair" : "block", verdicts };
  }

  #afterTimeout(verdicts: readonly Verdict[], lengths: Window["lengths"]): Stop | null {
    const onTimeout = judgeOf(this.#policy, this.#judges[0]?.id ?? "").on_timeout;
    if (onTimeout === "block") return { action: "block", verdicts };
    if (onTimeout === "release_flagged") this.#release(verdicts, lengths);
    return null;
  }

  #release(verdicts: readonly Verdict[], lengths: Window["lengths"]): void {
    this.#isSuspicious = false;
    this.errors.push(...verdicts.filter(({ status }) => status === "error"));
    for (const [text, length] of lengths) text.judged = Math.max(text.judged, length);
  }

  stop(): void {
    this.#inFlight?.stop.abort();
    this.#inFlight = null;
  }
}
