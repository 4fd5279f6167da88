// Makes samples of the sets that may be fitted, with answers composed where a set has none.
// Law: a prompt of a measuring set is never fitted, nor is one in nearly its words, nor a request of a family that is measured.
import { exchangeRow, instructionPrompt, labelledRow } from "../../bench/data-rows.ts";
import { readRows } from "../../bench/data.ts";
import { ATTACK_FAMILIES, attackFamily } from "./attack-families.ts";
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
import type { FitData, InputSample, OutputSample, PreferencePair } from "./sample.ts";
import { LOOK_ALIKES } from "./look-alikes.ts";
import { shortAnswer } from "./short-answers.ts";
import { PLAIN_REQUESTS } from "./plain-requests.ts";
import { createSplit, drawn, type PartOf } from "./split.ts";

type Unsplit<Kind> = Omit<Kind, "part">;

interface Drafts {
  readonly outputs: readonly Unsplit<OutputSample>[];
  readonly pairs: readonly Unsplit<PreferencePair>[];
  readonly inputs: readonly Unsplit<InputSample>[];
}

export interface ReadData extends FitData {
  readonly partOf: PartOf;
}

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
  short_answers: 0.14,
} as const;

/** The benign prompts are few beside the harmful ones; these weights bring both sides level. */
const INPUT_WEIGHTS = { harmful: 0.5, hh_rlhf: 0.5, benign: 3, plain: 0.5, moderation: 1 } as const;

function pick(choices: readonly string[], salt: string, prompt: string): string {
  return choices[Math.floor(drawn(salt, prompt) * choices.length)] ?? "";
}

/** Each prompt once with a refusal (safe) and once with an opening of compliance (as harmful as the prompt). */
function composed({ prompt, language, family }: Prompt, harmful: boolean, answer: string): Unsplit<OutputSample>[] {
  const stock = stockAnswers(language);
  const weight = OUTPUT_WEIGHTS.composed;
  const shared = { source: "composed", family, prompt, weight, composed: true, benign: false };
  const opening = `${pick(stock.openings, "opening", prompt)} ${answer}`;
  return [
    { ...shared, answer: pick(stock.refusals, "refusal", prompt), harmful: false },
    { ...shared, answer: opening, harmful },
  ];
}

function preferenceSamples(preferences: readonly Preference[]): Drafts {
  const origin = { source: "hh_rlhf", family: null };
  const weight = OUTPUT_WEIGHTS.hh_rlhf;
  return {
    pairs: preferences.map((preference) => ({ ...origin, ...preference, weight: OUTPUT_WEIGHTS.hh_rlhf_pairs })),
    outputs: preferences.flatMap(({ prompt, safe, harmful }) => {
      const shared = { ...origin, prompt, weight, composed: false, benign: false };
      return [
        { ...shared, answer: safe, harmful: false },
        { ...shared, answer: harmful, harmful: true },
      ];
    }),
    inputs: preferences.map(({ prompt }) => ({
      ...origin,
      prompt,
      harmful: true,
      weight: INPUT_WEIGHTS.hh_rlhf,
      benign: false,
    })),
  };
}

function readLabelled(folder: string, source: "jade_v3" | "jbb_artifacts"): Unsplit<OutputSample>[] {
  const weight = OUTPUT_WEIGHTS[source];
  return readRows(folder, `labelled/${source}`, labelledRow).map(({ id, prompt, response, label }) => {
    const family = attackFamily(source, id.split("/")[0] ?? "");
    const harmful = label === "harmful";
    return { source, family, prompt, answer: response, harmful, weight, composed: false, benign: false };
  });
}

function readDrafts(folder: string): Drafts {
  const preferences = preferenceSamples(readPreferences(folder));
  const moderation = readModeration(folder);
  const harmful = readHarmfulPrompts(folder);
  const benign = readBenignPrompts(folder);
  const exchanges = readRows(folder, "helpful/self_instruct_human", exchangeRow).map((row) => {
    return { prompt: instructionPrompt(row), language: "en", family: null, answer: row.response };
  });

  const labelled = [...readLabelled(folder, "jade_v3"), ...readLabelled(folder, "jbb_artifacts")];

  const outputs: Unsplit<OutputSample>[] = [
    ...labelled,
    ...preferences.outputs,
    ...moderation.map(({ text, harmful }) => {
      const weight = OUTPUT_WEIGHTS.openai_moderation;
      const origin = { source: "openai_moderation", family: null };
      return { ...origin, prompt: "", answer: text, harmful, weight, composed: true, benign: false };
    }),
    ...exchanges.map(({ prompt, answer }) => {
      const weight = OUTPUT_WEIGHTS.self_instruct_human;
      const origin = { source: "self_instruct_human", family: null };
      return { ...origin, prompt, answer, harmful: false, weight, composed: false, benign: true };
    }),
    ...LOOK_ALIKES.map((exchange) => {
      const weight = OUTPUT_WEIGHTS.look_alikes;
      return {
        source: "look_alikes",
        family: null,
        ...exchange,
        harmful: false,
        weight,
        composed: true,
        benign: false,
      };
    }),
    ...exchanges.flatMap((exchange) => composed(exchange, false, exchange.answer)),
    ...[...PLAIN_REQUESTS, ...benign].flatMap(({ prompt, language }) =>
      ["one", "other"].map((salt) => {
        const answer = shortAnswer(prompt, language, salt);
        const weight = OUTPUT_WEIGHTS.short_answers;
        const origin = { source: "short_answers", family: null };
        return { ...origin, prompt, answer, harmful: false, weight, composed: true, benign: false };
      }),
    ),
    // Half of the openings go on with the words of the request, as answers that comply do.
    ...harmful.flatMap((request) => composed(request, true, drawn("echo", request.prompt) < 0.5 ? request.prompt : "")),
    ...benign.flatMap((request) => composed(request, false, "")),
  ];

  const inputs: Unsplit<InputSample>[] = [
    ...harmful.map(({ prompt, family }) => {
      return { source: "prompts", family, prompt, harmful: true, weight: INPUT_WEIGHTS.harmful, benign: false };
    }),
    // Every prompt of these two asks for harm, whatever was answered; a prompt with several answers counts once.
    ...[...new Map(labelled.map(({ prompt, family }) => [prompt, family]))].map(([prompt, family]) => {
      return { source: "labelled", family, prompt, harmful: true, weight: INPUT_WEIGHTS.harmful, benign: false };
    }),
    ...preferences.inputs,
    ...[...exchanges, ...benign].map(({ prompt }) => {
      return { source: "benign", family: null, prompt, harmful: false, weight: INPUT_WEIGHTS.benign, benign: true };
    }),
    ...PLAIN_REQUESTS.map(({ prompt }) => {
      return { source: "plain", family: null, prompt, harmful: false, weight: INPUT_WEIGHTS.plain, benign: false };
    }),
    ...moderation.map(({ text, harmful }) => {
      const origin = { source: "openai_moderation", family: null };
      return { ...origin, prompt: text, harmful, weight: INPUT_WEIGHTS.moderation, benign: false };
    }),
  ];

  return { outputs, pairs: preferences.pairs, inputs };
}

/** A moderation text stands where an answer stands, and was asked for by nobody. */
function splitText(sample: { readonly prompt: string; readonly answer?: string; readonly family: string | null }) {
  return { text: sample.prompt === "" ? (sample.answer ?? "") : sample.prompt, family: sample.family };
}

export function readFitData(folder: string, families = ATTACK_FAMILIES): ReadData {
  const drafts = readDrafts(folder);
  const texts = [...drafts.outputs, ...drafts.pairs, ...drafts.inputs].map(splitText);
  const partOf = createSplit(families, texts, measuredPrompts(folder));
  const settled = <Kind extends Parameters<typeof splitText>[0]>(draft: Kind) => {
    const part = partOf(splitText(draft));
    return part === null ? [] : [{ ...draft, part }];
  };
  return {
    outputs: drafts.outputs.flatMap((draft) => settled(draft)),
    pairs: drafts.pairs.flatMap((draft) => settled(draft)),
    inputs: drafts.inputs.flatMap((draft) => settled(draft)),
    partOf,
  };
}
