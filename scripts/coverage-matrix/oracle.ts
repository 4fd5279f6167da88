// What must be seen of a cell, from the rules alone: the wire table of DESIGN («The wire» in docs) and the policy's words.
// Law: knows nothing of src/generation, so that the two can disagree.
import { type Cell, failsClosed, isBroken, isPiecewise } from "./cell.ts";
import type { Expectation } from "./expectation.ts";

const ANSWERED: Expectation = {
  status: 200,
  errorCode: null,
  isErrorEvent: false,
  upstreamCalls: 1,
  text: "whole",
  finishReason: null,
  told: null,
  isFailureTold: false,
  areOthersWhole: true,
  mistakes: [],
  attacks: 0,
  hasAlarm: false,
  inputTold: null,
  isSkipTold: false,
};

/**
 * What can't be cut out can't be let through: a judge names no place, fields beside the message can't be cut, and a field that
 * nobody knows has no lasting place in a stream.
 */
function effectiveAction(cell: Cell): Cell["action"] {
  const { action, health, carrier, side } = cell;
  const isBeside = carrier === "unknown_in_choice" || carrier === "unknown_in_head";
  const isPlaceless = health.startsWith("judge") || isBeside || (carrier === "unknown_in_message" && isPiecewise(cell));
  return action === "redact" && side === "output" && isPlaceless ? "block" : action;
}

function refused(status: 400 | 503, errorCode: string): Expectation {
  return { ...ANSWERED, status, errorCode, upstreamCalls: 0, text: "nothing", areOthersWhole: false };
}

function inputExpectation(cell: Cell): Expectation {
  const { action, health } = cell;
  const isBeside = health === "judge_beside";
  const hasFailed = isBroken(cell) || health === "down_beside";
  const unavailable = { ...refused(503, "guardrail_unavailable"), hasAlarm: true };
  if (isBroken(cell))
    return failsClosed(cell) ? unavailable : { ...ANSWERED, isFailureTold: true, told: "allow", hasAlarm: true };
  // The wire has no other answer to a prompt that may not pass: on the input side every strict action is a block.
  const isRefused = ["block", "repair", "redact"].includes(action);
  if (hasFailed && failsClosed(cell) && action !== "block") return unavailable;
  if (isRefused) {
    const blocked = refused(400, "content_filter");
    return { ...blocked, attacks: 1, hasAlarm: hasFailed, upstreamCalls: isBeside ? 1 : 0 };
  }
  const failure = hasFailed ? { isFailureTold: true, told: "allow", hasAlarm: true } : {};
  return { ...ANSWERED, ...failure, inputTold: action === "annotate" ? "annotate" : null };
}

function unavailable(cell: Cell): Expectation {
  const base = { ...ANSWERED, hasAlarm: true, areOthersWhole: false, errorCode: "guardrail_unavailable" };
  if (!isPiecewise(cell)) return { ...base, status: 503, text: "nothing" };
  // A guardrail whose flags withhold nothing is heard at the end.
  const isHeardAtEnd = (cell.action === "annotate" || cell.action === "allow") && cell.health === "down";
  return { ...base, isErrorEvent: true, text: isHeardAtEnd ? "any" : "beginning" };
}

/** How many choices the forbidden text belongs to: a field of a whole completion's head is read with every one. */
function affected({ carrier, choices, pieces }: Cell): number {
  return carrier === "unknown_in_head" && pieces === "whole" ? choices : 1;
}

function repeated(action: string, times: number): readonly string[] {
  return Array.from({ length: times }, () => action);
}

function blocked(cell: Cell): Expectation {
  const text = cell.delivery === "hold_back" ? "beginning" : "nothing";
  const mistakes = repeated("block", affected(cell));
  const areOthersWhole = affected(cell) === 1;
  return { ...ANSWERED, text, finishReason: "content_filter", told: "block", mistakes, areOthersWhole };
}

function repaired(cell: Cell): Expectation {
  const count = affected(cell);
  if (cell.repair === "flagged") {
    const mistakes = ["repair", "repair", "block"];
    return { ...blocked(cell), upstreamCalls: 3, mistakes };
  }
  const mistakes = repeated("repair", count);
  const text = "repaired";
  return {
    ...ANSWERED,
    upstreamCalls: 1 + count,
    text,
    finishReason: "stop",
    told: "repair",
    mistakes,
    areOthersWhole: count === 1,
  };
}

/** A tool call of which the client has a part can't be taken back, nor gone on with. */
function mayHaveLeft({ carrier, delivery, health }: Cell): "yes" | "no" | "perhaps" {
  if (carrier !== "tool_arguments" || delivery !== "hold_back" || health === "blind") return "no";
  return health === "fast" || health === "down_beside" ? "yes" : "perhaps";
}

function outputExpectations(cell: Cell): readonly Expectation[] {
  const { delivery, health, onTimeout } = cell;
  const hasFailed = isBroken(cell) || health === "down_beside";
  const noted = hasFailed ? { isFailureTold: true, hasAlarm: true } : {};
  const action = isBroken(cell) ? "allow" : effectiveAction(cell);
  const flagged = (name: string): readonly string[] => (isBroken(cell) ? [] : repeated(name, affected(cell)));
  if (delivery === "observe") {
    // Sent at once: flags and failures are told at the end, and withhold nothing.
    const told = action === "allow" ? (hasFailed ? "allow" : null) : "annotate";
    return [{ ...ANSWERED, ...noted, told, mistakes: flagged(action === "allow" ? "allow" : "annotate") }];
  }
  if (delivery === "hold_back" && health === "judge_too_late" && onTimeout === "block") {
    return [{ ...blocked(cell), ...noted, isFailureTold: true, mistakes: [] }];
  }
  if (hasFailed && failsClosed(cell)) {
    // Choices without a flag have the failure alone; and in pieces the failure comes first.
    const isFlaggedWhole = affected(cell) === cell.choices && delivery !== "hold_back";
    const blocks = health === "down_beside" && cell.action === "block";
    if (blocks && isFlaggedWhole) return [{ ...blocked(cell), ...noted }];
    const closed = unavailable(cell);
    // Unless both are seen in one event.
    if (blocks && cell.pieces === "whole") return [closed, { ...blocked(cell), ...noted }];
    return [onTimeout === "release_flagged" ? { ...closed, text: "any" } : closed];
  }
  switch (action) {
    case "allow":
      return [{ ...ANSWERED, ...noted, told: hasFailed ? "allow" : null, mistakes: flagged("allow") }];
    case "annotate":
      return [{ ...ANSWERED, ...noted, told: "annotate", mistakes: flagged("annotate") }];
    case "redact":
      return [{ ...ANSWERED, ...noted, text: "cut", told: "redact", mistakes: ["redact"] }];
    case "block":
      return [{ ...blocked(cell), ...noted }];
    case "repair": {
      const left = mayHaveLeft(cell);
      const again = { ...repaired(cell), ...noted };
      const stopped = { ...blocked(cell), ...noted };
      if (left === "perhaps") return [again, stopped];
      return [left === "yes" ? stopped : again];
    }
  }
}

/** Usually one; several where the rules leave it to time which of them comes. */
export function expectationsOf(cell: Cell): readonly Expectation[] {
  if (cell.content === "image" && cell.media === "reject") return [refused(400, "unscannable_content")];
  const expectations = cell.side === "input" ? [inputExpectation(cell)] : outputExpectations(cell);
  // An image that nobody could read is said to be unread, whatever became of the rest.
  return expectations.map((wanted) =>
    cell.content === "image" && wanted.status === 200
      ? { ...wanted, isSkipTold: true, inputTold: wanted.inputTold ?? "allow" }
      : wanted,
  );
}
