// The tool calls of Workers AI as OpenAI's (developers.cloudflare.com/workers-ai/features/function-calling).
import { z } from "zod";
import type { ToolCall } from "../../wire/chat-completion.ts";

export const workersToolCallsSchema = z.array(z.looseObject({ name: z.string(), arguments: z.unknown() })).nullish();

type WorkersToolCalls = NonNullable<z.infer<typeof workersToolCallsSchema>>;

/** What is no text is JSON. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? {});
}

export function toolCallsOf(calls: WorkersToolCalls): ToolCall[] {
  // These have no ids of their own, which OpenAI's tool messages refer to.
  return calls.map((call, index) => ({
    id: `call_${index}`,
    type: "function",
    function: { name: call.name, arguments: textOf(call.arguments) },
  }));
}
