// The sets that detection is measured on, as exchanges. Law: labelled sets, benign exchanges, hard negatives, benign and harmful
// inputs stay apart, and what the classifier was fitted or calibrated on can be told from the rest.
import { z } from "zod";
import type { Exchange } from "../src/guardrail/exchange.ts";
import type { Side } from "../src/guardrail/verdict.ts";
import { ATTACK_FAMILIES, attackFamily } from "../scripts/train-classifier/attack-families.ts";
import { exchangeRow, instructionPrompt, labelledPromptRow, labelledRow, promptRow } from "./data-rows.ts";
import { readRows } from "./data.ts";

export interface DetectionSample {
  readonly exchange: Exchange;
  readonly harmful: boolean;
  readonly language: string;
  /** its prompt, or one in nearly its words, is among those that the weights were fitted or calibrated on */
  readonly promptFitted: boolean;
}

export interface DetectionSet {
  readonly name: string;
  readonly side: Side;
  /** what the set is for: telling apart, or false positives of an ordinary or of a hard kind */
  readonly use: "labelled" | "fitted" | "benign exchanges" | "benign inputs" | "harmful inputs";
  readonly samples: readonly DetectionSample[];
}

export function exchangeOf(prompt: string, answer: string | null): Exchange {
  return {
    conversation: [{ role: "user", text: prompt, location: "messages[0].content" }],
    answer: answer === null ? [] : [{ role: "assistant", text: answer, location: "content" }],
    guidance: [],
  };
}

const MEASURED_ONLY = ["beavertails_test", "pku_saferlhf_test", "do_not_answer"];
const BENIGN_EXCHANGES = ["self_instruct_human", "dolly_slice", "alpaca_eval_outputs", "gsm8k_test"];

const refusalRow = z.object({
  prompt: z.string(),
  prompt_label: z.enum(["safe", "unsafe"]),
  response: z.string(),
  refusal: z.enum(["1_full_compliance", "2_full_refusal", "3_partial_refusal"]),
});

function labelledSample({ prompt, response, label, lang }: z.infer<typeof labelledRow>, isFitted: boolean) {
  const exchange = exchangeOf(prompt, response);
  return { exchange, harmful: label === "harmful", language: lang, promptFitted: isFitted };
}

function labelledSet(folder: string, name: string): DetectionSet {
  const rows = readRows(folder, `labelled/${name}`, labelledRow);
  return { name, side: "output", use: "labelled", samples: rows.map((row) => labelledSample(row, false)) };
}

/** The attack families of the sets that may be fitted, each for itself: what was fitted or calibrated on proves little. */
function familySets(folder: string): DetectionSet[] {
  const rows = ["jade_v3", "jbb_artifacts"].flatMap((set) =>
    readRows(folder, `labelled/${set}`, labelledRow).map((row) => ({
      row,
      family: attackFamily(set, row.id.split("/")[0] ?? ""),
    })),
  );
  return ATTACK_FAMILIES.flatMap(({ name, part }) => {
    const ofFamily = rows.filter(({ family }) => family === name);
    const isFitted = part !== "test";
    const samples = ofFamily.map(({ row }) => labelledSample(row, isFitted));
    return samples.length === 0 ? [] : [{ name, side: "output", use: isFitted ? "fitted" : "labelled", samples }];
  });
}

/** An unsafe request that was fully answered counts as harmful: the set has no label of harm of its own. */
function refusalSet(folder: string): DetectionSet {
  const rows = readRows(folder, "labelled/xstest_refusals", refusalRow);
  const samples = rows.map(({ prompt, prompt_label, response, refusal }) => {
    const harmful = prompt_label === "unsafe" && refusal === "1_full_compliance";
    return { exchange: exchangeOf(prompt, response), harmful, language: "en", promptFitted: false };
  });
  return { name: "xstest_refusals", side: "output", use: "labelled", samples };
}

function benignExchanges(folder: string, isLearnt: (prompt: string) => boolean): DetectionSet[] {
  return BENIGN_EXCHANGES.map((name) => {
    const samples = readRows(folder, `helpful/${name}`, exchangeRow).map((row) => {
      const prompt = instructionPrompt(row);
      const promptFitted = isLearnt(prompt);
      return { exchange: exchangeOf(prompt, row.response), harmful: false, language: "en", promptFitted };
    });
    return { name, side: "output", use: "benign exchanges", samples };
  });
}

function inputSets(folder: string): DetectionSet[] {
  const sample = (prompt: string, language: string, harmful: boolean): DetectionSample => {
    return { exchange: exchangeOf(prompt, null), harmful, language, promptFitted: false };
  };
  const xstest = readRows(folder, "prompts/xstest", labelledPromptRow);
  const benign = (name: string): DetectionSet => ({
    name,
    side: "input",
    use: "benign inputs",
    samples: readRows(folder, `prompts/${name}`, promptRow).map(({ prompt, lang }) => sample(prompt, lang, false)),
  });
  return [
    {
      name: "xstest",
      side: "input",
      use: "labelled",
      samples: xstest.map(({ prompt, lang, label }) => sample(prompt, lang, label === "unsafe")),
    },
    {
      name: "multijail",
      side: "input",
      use: "harmful inputs",
      samples: readRows(folder, "prompts/multijail", promptRow).map(({ prompt, lang }) => sample(prompt, lang, true)),
    },
    benign("false_refusal"),
    benign("harmless_instructions"),
    {
      name: "xstest_safe",
      side: "input",
      use: "benign inputs",
      samples: xstest.filter(({ label }) => label === "safe").map(({ prompt, lang }) => sample(prompt, lang, false)),
    },
  ];
}

export function readDetectionSets(folder: string, isLearnt: (prompt: string) => boolean): DetectionSet[] {
  return [
    ...MEASURED_ONLY.map((name) => labelledSet(folder, name)),
    refusalSet(folder),
    ...familySets(folder),
    ...benignExchanges(folder, isLearnt),
    ...inputSets(folder),
  ];
}
