// Reads the sets whose licence lets fitted weights ship, and of the measured sets the prompts, to keep them out.
// Law: goal_hijacking and prompt_leaking of xsafety are never handed on.
import { categorisedPromptRow, moderationRow, preferenceRow, promptRow, turnsRow } from "../../bench/data-rows.ts";
import { readRows } from "../../bench/data.ts";
import { attackFamily } from "./attack-families.ts";

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

export interface Prompt {
  readonly prompt: string;
  readonly language: string;
  readonly family: string | null;
}

/** Turns of «\n\nHuman: …\n\nAssistant: …». */
function dialogueTurns(dialogue: string): string[] {
  return dialogue
    .split(/\n\n(?:Human|Assistant):/)
    .slice(1)
    .map((turn) => turn.trim());
}

export interface Preference {
  readonly prompt: string;
  readonly safe: string;
  readonly harmful: string;
}

/** The last turns of two dialogues that differ in their last answer only. */
export function readPreferences(folder: string): Preference[] {
  return readRows(folder, "labelled/hh_rlhf_harmless_pairs", preferenceRow).flatMap(({ chosen, rejected }) => {
    const [better, worse] = [dialogueTurns(chosen), dialogueTurns(rejected)];
    const [prompt, safe, harmful] = [better.at(-2), better.at(-1), worse.at(-1)];
    if (prompt === undefined || safe === undefined || harmful === undefined || worse.at(-2) !== prompt) return [];
    return [{ prompt, safe, harmful }];
  });
}

export function readModeration(folder: string): { text: string; harmful: boolean }[] {
  return readRows(folder, "labelled/openai_moderation", moderationRow).map(({ prompt, ...labels }) => {
    return { text: prompt, harmful: Object.values(labels).includes(1) };
  });
}

export function readHarmfulPrompts(folder: string): Prompt[] {
  const sets = HARMFUL_PROMPTS.flatMap((name) =>
    readRows(folder, `prompts/${name}`, promptRow).map((row) => ({ ...row, family: attackFamily(name, null) })),
  );
  const xsafety = readRows(folder, "prompts/xsafety", categorisedPromptRow).filter(
    ({ category }) => !NEVER_FITTED.has(category) && category !== BENIGN_XSAFETY,
  );
  return [...sets, ...xsafety.map((row) => ({ ...row, family: attackFamily("xsafety", row.category) }))].map(
    ({ prompt, lang, family }) => ({ prompt, language: lang, family }),
  );
}

export function readBenignPrompts(folder: string): Prompt[] {
  const xsafety = readRows(folder, "prompts/xsafety", categorisedPromptRow).filter(
    ({ category }) => category === BENIGN_XSAFETY,
  );
  const questions = ["mt_bench", "vicuna"].flatMap((name) => readRows(folder, `helpful/${name}`, turnsRow));
  return [
    ...xsafety.map(({ prompt, lang }) => ({ prompt, language: lang, family: null })),
    ...questions.flatMap(({ turns }) => turns.slice(0, 1).map((prompt) => ({ prompt, language: "en", family: null }))),
  ];
}

/** The prompts that the figures are measured on: read to be kept out. */
export function measuredPrompts(folder: string): string[] {
  return MEASURED.flatMap((name) => readRows(folder, name, promptRow).map(({ prompt }) => prompt));
}
