// TRL's conversational unpaired preference format, for its KTOTrainer (huggingface.co/docs/trl/dataset_formats, «Unpaired preference»).
// Law: a preference gives the row of its rejected side alone, since its chosen side is a correction with a row of its own.
import { z } from "zod";
import type { ReleaseFormatWriter } from "./format-writer.ts";
import { answerSchema, promptSchema } from "./turn-schemas.ts";

const rowSchema = z.strictObject({ prompt: promptSchema, completion: answerSchema, label: z.boolean() });

export const trlKto: ReleaseFormatWriter = {
  types: ["analysis", "correction", "normal", "preference"],
  rowOf: ({ messages, rejected }) => ({
    prompt: messages.slice(0, -1),
    completion: rejected === undefined ? messages.slice(-1) : [{ role: "assistant", content: rejected }],
    label: rejected === undefined,
  }),
  rowSchema,
  read: (value) => {
    const row = rowSchema.safeParse(value);
    if (!row.success) return null;
    const { prompt, completion, label } = row.data;
    const said = completion[0].content;
    return { prompt, target: label ? said : null, rejected: label ? null : said };
  },
};
