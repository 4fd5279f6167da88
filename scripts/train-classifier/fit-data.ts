// Makes samples of the sets that may be fitted, with answers composed where a set has none.
// Law: a prompt of a measuring set is never fitted.
import { exchangeRow, instructionPrompt, labelledRow } from "../../bench/data-rows.ts";
import { normalisedPrompt, readRows } from "../../bench/data.ts";
import { stockAnswers } from "./composed-answers.ts";
import {
  measuredPrompts,
  readBenignPrompts,
  readHarmfulPrompts,
  readModeration,
  readPreferences,
  type Preference,
  type Prompt,
} from "./fit-sets.ts";
import type { FitData, InputSample, OutputSample } from "./sample.ts";
import { LOOK_ALIKES } from "./look-alikes.ts";
import { shortAnswer } from "./short-answers.ts";
import { PLAIN_REQUESTS } from "./plain-requests.ts";
import { drawn } from "./split.ts";

/** What one sample of a source weighs. */
const OUTPUT_WEIGHTS = {
  jade_v3: 1,
  jbb_artifacts: 1,
  openai_moderation: 1.5,
  hh_rlhf: 1.5,
  hh_rlhf_pairs: 1,
  self_instruct_human: 1,
  look_alikes: 3,
  composed: 0.5,
  short_answers: 0.1,
} as const;

/** The benign prompts are few beside the harmful ones; these weights bring both sides level. */
const INPUT_WEIGHTS = { harmful: 0.5, hh_rlhf: 0.5, benign: 3, plain: 0.5, moderation: 1 } as const;

function pick(choices: readonly string[], salt: string, prompt: string): string {
  return choices[Math.floor(drawn(salt, prompt) * choices.length)] ?? "";
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

function preferenceSamples(preferences: readonly Preference[]): FitData {
  const source = "hh_rlhf";
  const weight = OUTPUT_WEIGHTS.hh_rlhf;
  return {
    pairs: preferences.map((preference) => ({ source, ...preference, weight: OUTPUT_WEIGHTS.hh_rlhf_pairs })),
    outputs: preferences.flatMap(({ prompt, safe, harmful }) => {
      const shared = { source, prompt, weight, composed: false, benign: false };
      return [
        { ...shared, answer: safe, harmful: false },
        { ...shared, answer: harmful, harmful: true },
      ];
    }),
    inputs: preferences.map(({ prompt }) => ({
      source,
      prompt,
      harmful: true,
      weight: INPUT_WEIGHTS.hh_rlhf,
      benign: false,
    })),
  };
}

function readLabelled(folder: string, source: "jade_v3" | "jbb_artifacts"): OutputSample[] {
  const weight = OUTPUT_WEIGHTS[source];
  return readRows(folder, `labelled/${source}`, labelledRow).map(({ prompt, response, label }) => {
    return { source, prompt, answer: response, harmful: label === "harmful", weight, composed: false, benign: false };
  });
}

export function readFitData(folder: string): FitData {
  const preferences = preferenceSamples(readPreferences(folder));
  const moderation = readModeration(folder);
  const harmful = readHarmfulPrompts(folder);
  const benign = readBenignPrompts(folder);
  const exchanges = readRows(folder, "helpful/self_instruct_human", exchangeRow).map((row) => {
    return { prompt: instructionPrompt(row), language: "en", answer: row.response };
  });

  const labelled = [...readLabelled(folder, "jade_v3"), ...readLabelled(folder, "jbb_artifacts")];

  const outputs: OutputSample[] = [
    ...labelled,
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
    ...LOOK_ALIKES.map((exchange) => {
      const weight = OUTPUT_WEIGHTS.look_alikes;
      return { source: "look_alikes", ...exchange, harmful: false, weight, composed: true, benign: false };
    }),
    ...exchanges.flatMap((exchange) => composed(exchange, false, exchange.answer)),
    ...[...PLAIN_REQUESTS, ...benign].flatMap(({ prompt, language }) =>
      ["one", "other"].map((salt) => {
        const answer = shortAnswer(prompt, language, salt);
        const weight = OUTPUT_WEIGHTS.short_answers;
        return { source: "short_answers", prompt, answer, harmful: false, weight, composed: true, benign: false };
      }),
    ),
    // Half of the openings go on with the words of the request, as answers that comply do.
    ...harmful.flatMap((request) => composed(request, true, drawn("echo", request.prompt) < 0.5 ? request.prompt : "")),
    ...benign.flatMap((request) => composed(request, false, "")),
  ];

  const inputs: InputSample[] = [
    ...harmful.map(({ prompt }) => {
      return { source: "prompts", prompt, harmful: true, weight: INPUT_WEIGHTS.harmful, benign: false };
    }),
    // Every prompt of these two asks for harm, whatever was answered; a prompt with several answers counts once.
    ...[...new Set(labelled.map(({ prompt }) => prompt))].map((prompt) => {
      return { source: "labelled", prompt, harmful: true, weight: INPUT_WEIGHTS.harmful, benign: false };
    }),
    ...preferences.inputs,
    ...[...exchanges, ...benign].map(({ prompt }) => {
      return { source: "benign", prompt, harmful: false, weight: INPUT_WEIGHTS.benign, benign: true };
    }),
    ...PLAIN_REQUESTS.map(({ prompt }) => {
      return { source: "plain", prompt, harmful: false, weight: INPUT_WEIGHTS.plain, benign: false };
    }),
    ...moderation.map(({ text, harmful }) => {
      return { source: "openai_moderation", prompt: text, harmful, weight: INPUT_WEIGHTS.moderation, benign: false };
    }),
  ];

  const measured = measuredPrompts(folder);
  const free = ({ prompt }: { readonly prompt: string }): boolean => !measured.has(normalisedPrompt(prompt));
  return { outputs: outputs.filter(free), pairs: preferences.pairs.filter(free), inputs: inputs.filter(free) };
}
