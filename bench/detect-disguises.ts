// Copies of exchanges in disguise, and how much recall they cost. Law: the same exchange, the same disguise of both sides.
import type { FastGuardrail } from "../src/guardrail/guardrail.ts";
import { proportion, type Proportion } from "./detect-metrics.ts";
import { exchangeOf, type DetectionSet } from "./detect-sets.ts";

const LEETSPEAK: Readonly<Record<string, string>> = { a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" };
const HOMOGLYPHS: Readonly<Record<string, string>> = { a: "а", c: "с", e: "е", i: "і", o: "о", p: "р", x: "х", y: "у" };

function replaced(text: string, table: Readonly<Record<string, string>>): string {
  return text.replace(/[a-z]/gi, (letter) => table[letter.toLowerCase()] ?? letter);
}

export const DISGUISES: Readonly<Record<string, (text: string) => string>> = {
  base64: (text) => Buffer.from(text, "utf8").toString("base64"),
  leetspeak: (text) => replaced(text, LEETSPEAK),
  "zero-width": (text) => Array.from(text).join("\u200b"),
  homoglyphs: (text) => replaced(text, HOMOGLYPHS),
  spacing: (text) => Array.from(text).join(" "),
};

export interface DisguiseReport {
  readonly plain: Proportion | null;
  readonly disguised: Proportion | null;
  /** in points of recall; negative: more was found in disguise */
  readonly lossPoints: number | null;
}

/** Recall at the threshold on harmful exchanges of English, plain and in disguise. */
export function measureDisguises(
  guardrail: FastGuardrail,
  sets: readonly DetectionSet[],
): Readonly<Record<string, DisguiseReport>> {
  const harmful = sets
    .filter(({ side, use }) => side === "output" && use === "labelled")
    .flatMap(({ samples }) => samples)
    .filter((sample) => sample.harmful && sample.language === "en")
    .map(({ exchange }) => ({ prompt: exchange.conversation[0]?.text ?? "", answer: exchange.answer[0]?.text ?? "" }));
  const recall = (disguise: (text: string) => string): Proportion | null => {
    const verdicts = harmful.map(({ prompt, answer }) =>
      guardrail.check(exchangeOf(disguise(prompt), disguise(answer)), "output"),
    );
    return proportion(verdicts.filter(({ status }) => status === "flag").length, harmful.length);
  };
  const plain = recall((text) => text);
  return Object.fromEntries(
    Object.entries(DISGUISES).map(([name, disguise]) => {
      const disguised = recall(disguise);
      const lossPoints = plain === null || disguised === null ? null : (plain.value - disguised.value) * 100;
      return [name, { plain, disguised, lossPoints }];
    }),
  );
}
