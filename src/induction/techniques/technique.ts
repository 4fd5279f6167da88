// A technique of a red team: wraps the operator's seed instruction into what the model is asked. Law: pure — the same seed and the
// same draws give the same script; the seed's own words are the only ones that ask for anything.
import type { ChatMessage } from "../../wire/chat-completion.ts";

export interface Seed {
  /** of the scene in which it is asked: what the model must keep to; null where there is none */
  readonly system: string | null;
  readonly instruction: string;
}

/** in [0, 1) */
export type Draw = () => number;

/** What is said, turn by turn; between turns the model answers. */
export interface Script {
  /** said before the first turn, answers put into the model's mouth among it */
  readonly before: readonly ChatMessage[];
  readonly turns: readonly [string, ...string[]];
}

export interface Technique {
  readonly id: string;
  /** completions that its script asks for at most */
  readonly turns: number;
  readonly build: (seed: Seed, draw: Draw) => Script;
}

export function pick<Value>(options: readonly [Value, ...Value[]], draw: Draw): Value {
  return options[Math.floor(draw() * options.length)] ?? options[0];
}

/** A technique of one turn and nothing before it. */
export function wrapping(id: string, wrap: (instruction: string, draw: Draw) => string): Technique {
  return {
    id,
    turns: 1,
    build: ({ instruction }, draw) => ({ before: [], turns: [wrap(instruction, draw)] }),
  };
}
