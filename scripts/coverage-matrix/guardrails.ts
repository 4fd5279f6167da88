// The guardrails of a cell: they know the forbidden span and nothing else. Law: every run is counted, so that a verdict of a check
// that did not run can be told.
import type { Exchange, ExchangeText } from "../../src/guardrail/exchange.ts";
import type { FastGuardrail, SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import type { GuardrailSet } from "../../src/guardrail/run-guardrails.ts";
import type { Finding, Side } from "../../src/guardrail/verdict.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import type { Category } from "../../src/policy/category.ts";
import type { Cell } from "./cell.ts";
import { SPAN } from "./texts.ts";

export const FORBIDDEN: Category = "custom:forbidden";
export const OTHER: Category = "custom:other";
export const WORKING_ID = "knows-the-span";
export const BROKEN_ID = "is-down";

const LATE_MILLISECONDS = 4;
/** Longer than any deadline of the matrix, and it does not heed its signal. */
const TOO_LATE_MILLISECONDS = 400;

/** how often each guardrail was asked to check a whole side, by `ID side`; a run that threw does not count */
export type Runs = Map<string, number>;

const MESSAGE = "says what it should not say";

function findingIn({ text, location }: ExchangeText): Finding[] {
  const start = text.indexOf(SPAN);
  if (start < 0) return [];
  const span = { location, start, end: start + SPAN.length };
  return [{ rule: "span", category: FORBIDDEN, span, message: MESSAGE }];
}

function readOf(exchange: Exchange, side: Side): readonly ExchangeText[] {
  return side === "input" ? exchange.conversation : exchange.answer;
}

/** Where the span may have begun at the end of a piece. */
function openFrom(text: string): number {
  for (let length = Math.min(SPAN.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(SPAN.slice(0, length))) return text.length - length;
  }
  return text.length;
}

function note(runs: Runs, id: string, side: Side): void {
  runs.set(`${id} ${side}`, (runs.get(`${id} ${side}`) ?? 0) + 1);
}

const IDENTITY = { id: WORKING_ID, version: "1", categories: [FORBIDDEN] };

function blindGuardrail(sides: readonly Side[], runs: Runs): FastGuardrail {
  return {
    ...IDENTITY,
    sides,
    check: (exchange, side) => {
      note(runs, WORKING_ID, side);
      return judged(IDENTITY, side, readOf(exchange, side).flatMap(findingIn));
    },
  };
}

function fastGuardrail(sides: readonly Side[], runs: Runs): FastGuardrail {
  const glimpse: FastGuardrail["glimpse"] = (piece) => ({
    findings: findingIn(piece),
    openFrom: openFrom(piece.text),
  });
  return { ...blindGuardrail(sides, runs), glimpse };
}

async function after(milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
}

function judge(sides: readonly Side[], runs: Runs, milliseconds: number): SlowGuardrail {
  return {
    ...IDENTITY,
    sides,
    check: async (exchange, side) => {
      await after(milliseconds);
      note(runs, WORKING_ID, side);
      // A judge names no place.
      const isFlagged = readOf(exchange, side).some(({ text }) => text.includes(SPAN));
      const finding = { rule: "judge", category: FORBIDDEN, span: null, message: MESSAGE };
      return judged(IDENTITY, side, isFlagged ? [finding] : []);
    },
  };
}

function breaks(): never {
  throw new Error("it is down");
}

function downGuardrail(sides: readonly Side[], category: Category): FastGuardrail {
  return { id: BROKEN_ID, version: "1", sides, categories: [category], check: breaks, glimpse: breaks };
}

function downJudge(sides: readonly Side[]): SlowGuardrail {
  const check = async (): Promise<never> => {
    await after(1);
    return breaks();
  };
  return { id: BROKEN_ID, version: "1", sides, categories: [FORBIDDEN], check };
}

/** null: those that ship */
export function guardrailsOf({ health, side }: Cell, runs: Runs): GuardrailSet | null {
  const sides = [side];
  switch (health) {
    case "fast":
      return { fast: [fastGuardrail(sides, runs)], slow: [] };
    case "blind":
      return { fast: [blindGuardrail(sides, runs)], slow: [] };
    case "judge":
    case "judge_hard":
    case "judge_beside":
      return { fast: [], slow: [judge(sides, runs, LATE_MILLISECONDS)] };
    case "judge_too_late":
      return { fast: [], slow: [{ ...judge(sides, new Map(), TOO_LATE_MILLISECONDS), id: BROKEN_ID }] };
    case "down":
      return { fast: [downGuardrail(sides, FORBIDDEN)], slow: [] };
    case "judge_down":
      return { fast: [], slow: [downJudge(sides)] };
    case "down_beside":
      return { fast: [downGuardrail(sides, OTHER), fastGuardrail(sides, runs)], slow: [] };
    case "shipped":
      return null;
  }
}
