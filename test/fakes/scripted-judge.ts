// A judge in a test: says what a script says of each window, when the script says so, and remembers what it read.
import type { SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import type { Side } from "../../src/guardrail/verdict.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import type { Category } from "../../src/policy/category.ts";

export interface ScriptedJudge extends SlowGuardrail {
  /** the answer's texts of each call, joined */
  readonly read: string[];
}

export interface JudgeScript {
  /** what it flags */
  readonly flags?: (text: string) => boolean;
  readonly category?: Category;
  readonly milliseconds?: number;
  readonly sides?: readonly Side[];
  readonly fails?: boolean;
}

export function scriptedJudge(script: JudgeScript = {}): ScriptedJudge {
  const { flags = () => false, category = "S1", milliseconds = 0, sides = ["output"], fails = false } = script;
  const identity = { id: "judge", version: "1" };
  const read: string[] = [];
  return {
    ...identity,
    sides,
    categories: [category],
    read,
    check: async (exchange, side, { signal }) => {
      const texts = side === "output" ? exchange.answer : exchange.conversation;
      const text = texts.map((each) => each.text).join("\n");
      read.push(text);
      await new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(new Error("stopped"));
        });
      });
      if (fails) throw new Error("the judge broke");
      const finding = { rule: "judge", category, span: null, message: "is harmful" };
      return judged(identity, side, flags(text) ? [finding] : []);
    },
  };
}
