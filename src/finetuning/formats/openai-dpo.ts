// OpenAI's format for direct preference optimization: `input`, `preferred_output`, `non_preferred_output`
// (platform.openai.com/docs/guides/direct-preference-optimization). Law: the preferred side is the checked correction.
import { z } from "zod";
import type { ReleaseFormatWriter } from "./format-writer.ts";
import { answerSchema, promptSchema } from "./turn-schemas.ts";

const rowSchema = z.strictObject({
  input: z.strictObject({
    messages: promptSchema,
    tools: z.array(z.never()),
    parallel_tool_calls: z.literal(true),
  }),
  preferred_output: answerSchema,
  non_preferred_output: answerSchema,
});

export const openaiDpo: ReleaseFormatWriter = {
  types: ["preference"],
  rowOf: ({ messages, rejected = "" }) => ({
    input: { messages: messages.slice(0, -1), tools: [], parallel_tool_calls: true },
    preferred_output: messages.slice(-1),
    non_preferred_output: [{ role: "assistant", content: rejected }],
  }),
  rowSchema,
  read: (value) => {
    const row = rowSchema.safeParse(value);
    if (!row.success) return null;
    const { input, preferred_output: preferred, non_preferred_output: rejected } = row.data;
    return { prompt: input.messages, target: preferred[0].content, rejected: rejected[0].content };
  },
};
