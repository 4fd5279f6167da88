// A cell of the matrix: one exchange with everything that may matter about it. Law: plain values, so that a cell can be named,
// counted and shown.
import type { Side } from "../../src/guardrail/verdict.ts";
import type { Action } from "../../src/policy/policy.ts";

export const DELIVERIES = ["json", "hold_back", "buffer", "observe"] as const;
export type Delivery = (typeof DELIVERIES)[number];

/**
 * What the guardrail is that knows the forbidden span. `fast`: reads pieces. `blind`: fast, and reads whole answers alone.
 * `judge`: answers late, in time. `judge_hard`: the same with a hard category. `judge_beside`: reads the input while the model
 * answers. `judge_too_late`: misses its deadline. `down`, `judge_down`: throw. `down_beside`: a fast one that works, behind one
 * that throws. `shipped`: those that ship, with a secret marked in the system prompt.
 */
export const HEALTHS = [
  "fast",
  "blind",
  "judge",
  "judge_hard",
  "judge_beside",
  "judge_too_late",
  "down",
  "judge_down",
  "down_beside",
  "shipped",
] as const;
export type Health = (typeof HEALTHS)[number];

/** `on_guardrail_error`, for every category at once or by category (with the other value as default). */
export const FAILURES = ["closed", "open", "category_closed", "category_open"] as const;
export type Failure = (typeof FAILURES)[number];

export const CONTENTS = ["string", "parts", "image"] as const;
export type Content = (typeof CONTENTS)[number];

export const CARRIERS = [
  "text",
  "tool_arguments",
  "tool_name",
  "tool_result",
  "reasoning",
  "refusal",
  "unknown_in_message",
  "unknown_in_choice",
  "unknown_in_head",
] as const;
export type Carrier = (typeof CARRIERS)[number];

/** How the upstream answers: token by token, all events in one read, or with JSON whatever it was asked for. */
export const PIECES = ["tokens", "one_read", "whole"] as const;
export type Pieces = (typeof PIECES)[number];

export interface Cell {
  readonly group: string;
  readonly side: Side;
  readonly delivery: Delivery;
  readonly action: Action;
  readonly health: Health;
  readonly failure: Failure;
  readonly choices: 1 | 2 | 3;
  readonly content: Content;
  readonly carrier: Carrier;
  readonly pieces: Pieces;
  /** what the model says when it is asked again */
  readonly repair: "clean" | "flagged";
  /** of a judge's window */
  readonly onTimeout: "hold" | "block" | "release_flagged";
  /** what is done about an image */
  readonly media: "allow" | "reject";
}

export function isStream({ delivery }: Cell): boolean {
  return delivery !== "json";
}

/** Whether the gateway reads the model's answer as a stream. */
export function isPiecewise({ delivery }: Cell): boolean {
  return delivery === "hold_back" || delivery === "observe";
}

export function failsClosed({ failure }: Cell): boolean {
  return failure === "closed" || failure === "category_closed";
}

/** Whether the guardrail that knows the span says nothing, in time or at all. */
export function isBroken({ health }: Cell): boolean {
  return health === "down" || health === "judge_down" || health === "judge_too_late";
}

export function nameOf(cell: Cell): string {
  const { side, delivery, action, health, failure, choices, content, carrier, pieces, repair, onTimeout, media } = cell;
  const extra = `${repair === "flagged" ? " again-flagged" : ""}${onTimeout === "hold" ? "" : ` timeout-${onTimeout}`}${media === "allow" ? "" : " reject"}`;
  return `${side} ${delivery} ${action} ${health} ${failure} n=${choices} ${content} ${carrier} ${pieces}${extra}`;
}
