// What form of answer a request asks for: a JSON schema, and the tools that may be called
// (platform.openai.com/docs/api-reference/chat/create). Law: only what is there is expected; a shape that we do not know asks nothing.
import type { ExpectedAnswer, ExpectedTool } from "../guardrail/exchange.ts";
import { isRecord } from "../lib/record.ts";
import type { ChatRequest } from "../wire/chat-completion.ts";

/** JSON mode promises an object. */
const ANY_OBJECT = { type: "object" };
/** A function without parameters takes none. */
const ANY_PARAMETERS = {};

function answerSchema(format: unknown): unknown {
  if (!isRecord(format)) return null;
  if (format["type"] === "json_object") return ANY_OBJECT;
  const named = format["json_schema"];
  if (format["type"] !== "json_schema" || !isRecord(named)) return null;
  return named["schema"] ?? null;
}

function expectedTool(tool: unknown): ExpectedTool[] {
  const named = isRecord(tool) ? tool["function"] : undefined;
  if (!isRecord(named) || typeof named["name"] !== "string") return [];
  return [{ name: named["name"], parameters: named["parameters"] ?? ANY_PARAMETERS }];
}

export function expectedAnswer({ response_format: format, tools }: ChatRequest): ExpectedAnswer {
  const listed: readonly unknown[] = Array.isArray(tools) ? tools : [];
  return { answerSchema: answerSchema(format), tools: listed.flatMap(expectedTool) };
}
