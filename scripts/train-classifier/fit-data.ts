// Makes samples of the sets whose licence lets fitted weights ship, and of no others.
// Law: a prompt of a measuring set is never fitted; goal_hijacking and prompt_leaking of xsafety are never read.
import {
  categorisedPromptRow,
  exchangeRow,
  instructionPrompt,
  labelledRow,
  moderationRow,
  preferenceRow,
  promptRow,
  turnsRow,
} from "../../bench/data-rows.ts";
import { normalisedPrompt, readRows } from "../../bench/data.ts";
import { stockAnswers } from "./composed-answers.ts";
import type { FitData, InputSample, OutputSample, PreferencePair } from "./sample.ts";
import { drawn } from "./split.ts";

/** What one sample of a source weighs. */
const OUTPUT_WEIGHTS = {
  jade_v3: 1,
  jbb_artifacts: 1,
  openai_moderation: 1.5,
  hh_rlhf: 1,
  hh_rlhf_pairs: 1,
  self_instruct_human: 1,
  composed: 0.3,
} as const;

/** The benign prompts are few beside the harmful ones; these weights bring both sides level. */
const INPUT_WEIGHTS = { harmful: 0.5, hh_rlhf: 0.5, benign: 3, moderation: 1 } as const;

const MEASURED = [
  "labelled/beavertails_test",
  "labelled/pku_saferlhf_test",
  "labelled/do_not_answer",
  "labelled/xstest_refusals",
  "prompts/xstest",
  "prompts/multijail",
  "prompts/false_refusal",
  "prompts/harmless_instructions",
];
const HARMFUL_PROMPTS = ["harmbench", "strongreject", "advbench", "flames_zh"];
const NEVER_FITTED = new Set(["goal_hijacking", "prompt_leaking"]);
const BENIGN_XSAFETY = "commonsense";

interface Prompt {
  readonly prompt: string;
  readonly language: string;
}

function pick(choices: readonly string[], salt: string, prompt: string): string {
  return choices[Math.floor(drawn(salt, prompt) * choices.length)] ?? "";
}

/** Turns of «\n\nHuman: …\n\nAssistant: …». */
function dialogueTurns(dialogue: string): string[] {
  return dialogue
    .split(/\n\n(?:Human|Assistant):/)
    .slice(1)
    .map((turn) => turn.trim());
}

/** Each prompt once with a refusal (safe) and once with an opening of compliance (as harmful as the prompt). */
function composed({ prompt, language }: Prompt, harmful: boolean, answer: string): OutputSample[] {
  const stock = stockAnswers(language);
  const weight = OUTPUT_WEIGHTS.composed;
  const shared = { source: "composed", prompt, weight, composed: true, benign: false };
  const opening = `${pick(stock.openings, "opening", prompt)} ${answer}`;
  return [
    { ...shared, answer: pick(stock.refusals, "refusal", prompt), harmful: false },
    { ...shared, answer: opening, harmful },
  ];
}

function readPreferences(folder: string): { pairs: PreferencePair[]; outputs: OutputSample[]; inputs: InputSample[] } {
  const source = "hh_rlhf";
  const pairs = readRows(folder, "labelled/hh_rlhf_harmless_pairs", preferenceRow).flatMap(({ chosen, rejected }) => {
    const [better, worse] = [dialogueTurns(chosen), dialogueTurns(rejected)];
    const [prompt, safe, harmful] = [better.at(-2), better.at(-1), worse.at(-1)];
    if (prompt === undefined || safe === undefined || harmful === undefined || worse.at(-2) !== prompt) return [];
    return [{ source, prompt, safe, harmful, weight: OUTPUT_WEIGHTS.hh_rlhf_pairs }];
  });
  const weight = OUTPUT_WEIGHTS.hh_rlhf;
  const outputs = pairs.flatMap(({ prompt, safe, harmful }) => {
    const shared = { source, prompt, weight, composed: false, benign: false };
    return [
      { ...shared, answer: safe, harmful: false },
      { ...shared, answer: harmful, harmful: true },
    ];
  });
  const inputs = pairs.map(({ prompt }) => ({ source, prompt, harmful: true, weight: INPUT_WEIGHTS.hh_rlhf }));
  return { pairs, outputs, inputs };
}

function readLabelled(folder: string, source: "jade_v3" | "jbb_artifacts"): OutputSample[] {
  const weight = OUTPUT_WEIGHTS[source];
  return readRows(folder, `labelled/${source}`, labelledRow).map(({ prompt, response, label }) => {
    return { source, prompt, answer: response, harmful: label === "harmful", weight, composed: false, benign: false };
  });
}

function readModeration(folder: string): { text: string; harmful: boolean }[] {
  return readRows(folder, "labelled/openai_moderation", moderationRow).map(({ prompt, ...labels }) => {
    return { text: prompt, harmful: Object.values(labels).includes(1) };
  });
}

function readHarmfulPrompts(folder: string): Prompt[] {
  const sets = HARMFUL_PROMPTS.flatMap((name) => readRows(folder, `prompts/${name}`, promptRow));
  const xsafety = readRows(folder, "prompts/xsafety", categorisedPromptRow).filter(
    ({ category }) => !NEVER_FITTED.has(category) && category !== BENIGN_XSAFETY,
  );
  return [...sets, ...xsafety].map(({ prompt, lang }) => ({ prompt, language: lang }));
}

function readBenignPrompts(folder: string): Prompt[] {
  const xsafety = readRows(folder, "prompts/xsafety", categorisedPromptRow).filter(
    ({ category }) => category === BENIGN_XSAFETY,
  );
  const questions = ["mt_bench", "vicuna"].flatMap((name) => readRows(folder, `helpful/${name}`, turnsRow));
  return [
    ...xsafety.map(({ prompt, lang }) => ({ prompt, language: lang })),
    ...questions.flatMap(({ turns }) => turns.slice(0, 1).map((prompt) => ({ prompt, language: "en" }))),
  ];
}

/** The prompts that the figures are measured on: read to be kept out. */
function measuredPrompts(folder: string): ReadonlySet<string> {
  return new Set(
    MEASURED.flatMap((name) => readRows(folder, name, promptRow).map(({ prompt }) => normalisedPrompt(prompt))),
  );
}

export function readFitData(folder: string): FitData {
  const preferences = readPreferences(folder);
  const moderation = readModeration(folder);
  const harmful = readHarmfulPrompts(folder);
  const benign = readBenignPrompts(folder);
  const exchanges = readRows(folder, "helpful/self_instruct_human", exchangeRow).map((row) => {
    return { prompt: instructionPrompt(row), language: "en", answer: row.response };
  });

  const outputs: OutputSample[] = [
    ...readLabelled(folder, "jade_v3"),
    ...readLabelled(folder, "jbb_artifacts"),
    ...preferences.outputs,
    ...moderation.map(({ text, harmful }) => {
      const weight = OUTPUT_WEIGHTS.openai_moderation;
      return { source: "openai_moderation", prompt: "", answer: text, harmful, weight, composed: true, benign: false };
    }),
    ...exchanges.map(({ prompt, answer }) => {
      const weight = OUTPUT_WEIGHTS.self_instruct_human;
      const source = "self_instruct_human";
      return { source, prompt, answer, harmful: false, weight, composed: false, benign: true };
    }),
    ...exchanges.flatMap((exchange) => composed(exchange, false, exchange.answer)),
    // Half of the openings go on with the words of the request, as answers that comply do.
    ...harmful.flatMap((request) => composed(request, true, drawn("echo", request.prompt) < 0.5 ? request.prompt : "")),
    ...benign.flatMap((request) => composed(request, false, "")),
  ];

  const inputs: InputSample[] = [
    ...harmful.map(({ prompt }) => ({ source: "prompts", prompt, harmful: true, weight: INPUT_WEIGHTS.harmful })),
    ...preferences.inputs,
    ...[...exchanges, ...benign].map(({ prompt }) => {
      return { source: "benign", prompt, harmful: false, weight: INPUT_WEIGHTS.benign };
    }),
    ...moderation.map(({ text, harmful }) => {
      return { source: "openai_moderation", prompt: text, harmful, weight: INPUT_WEIGHTS.moderation };
    }),
  ];

  const measured = measuredPrompts(folder);
  const free = ({ prompt }: { readonly prompt: string }): boolean => !measured.has(normalisedPrompt(prompt));
  return { outputs: outputs.filter(free), pairs: preferences.pairs.filter(free), inputs: inputs.filter(free) };
}
