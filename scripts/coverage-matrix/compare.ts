// Where what was seen differs from what the rules ask for, and claims that are not true. Law: one sentence a fault; none is good.
import { flaggedAnswer } from "./answers.ts";
import { isRecord } from "../../src/lib/record.ts";
import { type Cell, isStream } from "./cell.ts";
import type { Expectation } from "./expectation.ts";
import type { MatrixGateway } from "./gateway.ts";
import { falseClaims } from "./claims.ts";
import type { Seen, SeenChoice } from "./seen.ts";
import { CLEAN, MARKER, REPAIRED, SPAN, UNKNOWN_FIELD } from "./texts.ts";

/** What a stream may hold back (README, «Streams»). */
const MOST_HELD_CHARACTERS = 64;

export interface Evidence {
  readonly cell: Cell;
  readonly seen: Seen;
  readonly gateway: MatrixGateway;
}

/** The text that the carrier stands for, as the model gave it. */
function originalText({ side, carrier }: Cell): string {
  if (side === "input") return CLEAN;
  const { message, choice, head } = flaggedAnswer(carrier);
  const calls: unknown = message["tool_calls"];
  const call: unknown = Array.isArray(calls) ? calls[0] : null;
  const made = isRecord(call) && isRecord(call["function"]) ? call["function"] : {};
  const texts: Readonly<Record<string, unknown>> = {
    text: message["content"],
    reasoning: message["reasoning_content"],
    refusal: message["refusal"],
    tool_name: made["name"],
    tool_arguments: made["arguments"],
    unknown_in_message: message[UNKNOWN_FIELD],
    unknown_in_choice: choice[UNKNOWN_FIELD],
    unknown_in_head: head[UNKNOWN_FIELD],
  };
  return String(texts[carrier]);
}

function allTexts({ texts }: SeenChoice): string {
  return Object.values(texts).join("");
}

/** Only what comes in pieces can be held in part: of the event that completes the span nothing leaves. */
function leavesInPart({ delivery, health, carrier, pieces }: Cell): boolean {
  return delivery === "hold_back" && health === "fast" && carrier !== "tool_name" && pieces !== "whole";
}

function textFaults({ cell, seen }: Evidence, { text: fate }: Expectation, choice: SeenChoice | undefined): string[] {
  const original = originalText(cell);
  const carrier = cell.side === "input" ? "text" : cell.carrier;
  const got = choice?.texts[carrier] ?? "";
  const mayLeak = fate === "any" || (fate === "whole" && cell.side === "output");
  const leak = seen.leaked > 0 && !mayLeak ? [`${seen.leaked} characters of the span leaked`] : [];
  const beginning = original.slice(0, Math.max(0, original.indexOf(SPAN)));
  const beginningFaults = (): string[] => {
    // A model that is asked again and says the same begins again each time.
    const last = cell.repair === "flagged" ? got.slice(got.lastIndexOf(beginning.slice(0, 16))) : got;
    const isRepeated = got.replaceAll(beginning, "") === "";
    if (!beginning.startsWith(last) || (last !== got && !isRepeated)) return ["more than the beginning left"];
    const least = leavesInPart(cell) ? beginning.length - MOST_HELD_CHARACTERS : 0;
    return got.length < least ? [`only ${got.length} of ${beginning.length} clean characters left`] : [];
  };
  switch (fate) {
    case "any":
      return leak;
    case "whole":
      return got === original ? leak : [...leak, "the text is not whole"];
    case "nothing":
      return choice === undefined || allTexts(choice) === "" ? leak : [...leak, "something of the answer left"];
    case "beginning":
      return [...leak, ...beginningFaults()];
    case "cut":
      return got === original.replace(SPAN, MARKER) ? leak : [...leak, "the span is not cut out"];
    case "repaired": {
      const isRepaired = choice?.texts.text.endsWith(REPAIRED) === true;
      const isAlone = cell.delivery === "hold_back" || choice?.texts.text === REPAIRED;
      return isRepaired && isAlone ? leak : [...leak, "the repaired text is not there"];
    }
  }
}

function choiceFaults(evidence: Evidence, wanted: Expectation): string[] {
  const { cell, seen, gateway } = evidence;
  const bad = seen.choices.get(cell.choices - 1);
  const faults = textFaults(evidence, wanted, bad);
  if (wanted.status !== 200 || wanted.isErrorEvent) return faults;
  if (bad === undefined) return [...faults, "the choice is missing"];
  const own = cell.side === "output" ? flaggedAnswer(cell.carrier).finishReason : "stop";
  const same = (name: string, got: unknown, asked: unknown): void => {
    if (got !== asked) faults.push(`${name} is ${String(got)}, not ${String(asked)}`);
  };
  same("finish reason", bad.finishReason, wanted.finishReason ?? own);
  same("action told", bad.told, wanted.told);
  same("failure told", bad.isFailureTold, wanted.isFailureTold);
  const isFlagTold = wanted.told !== null && wanted.told !== "allow" && wanted.mistakes.length > 0;
  same("content_filter_results", bad.hasFilterResults, isFlagTold);
  if (isFlagTold && bad.mistakeId === null) faults.push("no mistake is named");
  if (wanted.areOthersWhole && bad.capturedAtFinish < wanted.mistakes.length)
    faults.push("captured after the last chunk");
  for (const [index, other] of seen.choices) {
    if (index === cell.choices - 1 || !wanted.areOthersWhole) continue;
    if (other.texts.text !== CLEAN || other.finishReason !== "stop")
      faults.push(`the clean choice ${index} is not whole`);
    same(`failure told of choice ${index}`, other.isFailureTold, wanted.isFailureTold);
  }
  same("choices", seen.choices.size, cell.choices);
  const isPlainBlock = wanted.finishReason === "content_filter" && cell.health === "fast" && cell.choices === 1;
  if (isPlainBlock && cell.delivery === "hold_back" && cell.pieces === "tokens" && !gateway.upstream.isStopped()) {
    faults.push("the upstream was not stopped");
  }
  return faults;
}

function replyFaults({ cell, seen, gateway }: Evidence, wanted: Expectation): string[] {
  const faults: string[] = [];
  const same = (name: string, got: unknown, asked: unknown): void => {
    if (got !== asked) faults.push(`${name} is ${String(got)}, not ${String(asked)}`);
  };
  same("status", seen.status, wanted.status);
  same("error code", seen.errorCode, wanted.errorCode);
  same("error event", seen.isErrorEvent, wanted.isErrorEvent);
  same("upstream calls", gateway.upstream.calls(), wanted.upstreamCalls);
  if (!wanted.isErrorEvent) {
    same("input's action told", seen.inputTold, wanted.inputTold);
    same("skipped with a reason told", seen.isSkipTold, wanted.isSkipTold);
    same("prompt_filter_results", seen.hasPromptResults, wanted.inputTold === "annotate");
  }
  same("mistakes", gateway.mistakes.map(({ action }) => action).join(), wanted.mistakes.join());
  same("attacks", gateway.attacks.length, wanted.attacks);
  same("alarm", gateway.alarms() > 0, wanted.hasAlarm);
  if (isStream(cell) && wanted.status === 200) {
    same("mode told", seen.mode, cell.delivery);
    same("[DONE]", seen.isDone, !wanted.isErrorEvent);
    if (!wanted.isErrorEvent) same("usage", seen.hasUsage, true);
  }
  return faults;
}

/** Against the expectation that fits best. */
export function faultsOf(evidence: Evidence, expectations: readonly Expectation[]): readonly string[] {
  const all = expectations.map((wanted) => [...replyFaults(evidence, wanted), ...choiceFaults(evidence, wanted)]);
  const [best = ["no expectation"]] = all.toSorted((left, right) => left.length - right.length);
  return [...best, ...evidence.seen.faults, ...falseClaims(evidence)];
}
