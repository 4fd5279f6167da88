// OpenAI's fine-tuning chat format: one `messages` a line (platform.openai.com/docs/guides/supervised-fine-tuning, «Data format», and
// «Multi-turn chat examples» for `weight`). Law: earlier assistant turns have weight 0, so that the target alone is learnt.
import { z } from "zod";
import type { TrainingExample } from "../training-example.ts";
import type { ReleaseFormatWriter } from "./format-writer.ts";

const turnSchema = z.strictObject({ role: z.enum(["system", "user"]), content: z.string().min(1) });
const assistantSchema = z.strictObject({
  role: z.literal("assistant"),
  content: z.string().min(1),
  weight: z.union([z.literal(0), z.literal(1)]).optional(),
});

const rowSchema = z
  .strictObject({ messages: z.array(z.union([turnSchema, assistantSchema])).min(2) })
  .refine(({ messages }) => messages.some(({ role }) => role === "user"), { message: "has no user turn" })
  .refine(
    ({ messages }) => {
      const learnt = messages.filter((message) => message.role === "assistant" && message.weight !== 0);
      return learnt.length === 1 && learnt[0] === messages.at(-1);
    },
    { message: "must end in the one assistant turn that is learnt" },
  );

export const openaiChat: ReleaseFormatWriter = {
  types: ["analysis", "correction", "normal"],
  rowOf: ({ messages }: TrainingExample) => ({
    messages: messages.map(({ role, content }, place) =>
      role === "assistant" && place < messages.length - 1 ? { role, content, weight: 0 } : { role, content },
    ),
  }),
  rowSchema,
  read: (value) => {
    const row = rowSchema.safeParse(value);
    if (!row.success) return null;
    const { messages } = row.data;
    return { prompt: messages.slice(0, -1), target: messages.at(-1)?.content ?? null, rejected: null };
  },
};
