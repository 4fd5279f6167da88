// TRL's conversational preference format with an explicit prompt, for its DPOTrainer (huggingface.co/docs/trl/dataset_formats,
// «Preference»). Law: `chosen` is the checked correction.
import { z } from "zod";
import type { ReleaseFormatWriter } from "./format-writer.ts";
import { answerSchema, promptSchema } from "./turn-schemas.ts";

const rowSchema = z.strictObject({ prompt: promptSchema, chosen: answerSchema, rejected: answerSchema });

export const trlDpo: ReleaseFormatWriter = {
  types: ["preference"],
  rowOf: ({ messages, rejected = "" }) => ({
    prompt: messages.slice(0, -1),
    chosen: messages.slice(-1),
    rejected: [{ role: "assistant", content: rejected }],
  }),
  rowSchema,
  read: (value) => {
    const row = rowSchema.safeParse(value);
    if (!row.success) return null;
    const { prompt, chosen, rejected } = row.data;
    return { prompt, target: chosen[0].content, rejected: rejected[0].content };
  },
};
