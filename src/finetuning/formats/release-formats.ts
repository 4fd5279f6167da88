// The formats of training files, by name.
import type { ReleaseFormat } from "../../release/release.ts";
import type { TrainingExample } from "../training-example.ts";
import type { ReleaseFormatWriter } from "./format-writer.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiDpo } from "./openai-dpo.ts";
import { trlDpo } from "./trl-dpo.ts";
import { trlKto } from "./trl-kto.ts";
import { trlPromptCompletion } from "./trl-prompt-completion.ts";

export const RELEASE_FORMAT_WRITERS: Readonly<Record<ReleaseFormat, ReleaseFormatWriter>> = {
  openai_chat: openaiChat,
  openai_dpo: openaiDpo,
  trl_prompt_completion: trlPromptCompletion,
  trl_dpo: trlDpo,
  trl_kto: trlKto,
};

/** Whether any of them has rows of preferences. */
export function wantsPreferences(formats: readonly ReleaseFormat[]): boolean {
  return formats.some((format) => RELEASE_FORMAT_WRITERS[format].types.includes("preference"));
}

/** The lines of those examples that the format has, in their order, line breaks included. */
export function linesIn(format: ReleaseFormat, examples: readonly TrainingExample[]): readonly string[] {
  const { types, rowOf } = RELEASE_FORMAT_WRITERS[format];
  return examples.filter(({ type }) => types.includes(type)).map((example) => `${JSON.stringify(rowOf(example))}\n`);
}
