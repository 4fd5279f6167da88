// TRL's conversational prompt-completion format, for its SFTTrainer (huggingface.co/docs/trl/dataset_formats, «Prompt-completion»).
// Law: the loss falls on the completion alone, which is the target.
import { z } from "zod";
import type { ReleaseFormatWriter } from "./format-writer.ts";
import { answerSchema, promptSchema } from "./turn-schemas.ts";

const rowSchema = z.strictObject({ prompt: promptSchema, completion: answerSchema });

export const trlPromptCompletion: ReleaseFormatWriter = {
  types: ["analysis", "correction", "normal"],
  rowOf: ({ messages }) => ({ prompt: messages.slice(0, -1), completion: messages.slice(-1) }),
  rowSchema,
  read: (value) => {
    const row = rowSchema.safeParse(value);
    if (!row.success) return null;
    return { prompt: row.data.prompt, target: row.data.completion[0].content, rejected: null };
  },
};
