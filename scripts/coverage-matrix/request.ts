// The request of a cell. Law: for cells of the input side the forbidden span stands where the carrier says, and nowhere else.
import type { Fields } from "./answers.ts";
import { type Cell, isStream } from "./cell.ts";
import { FLAGGED, FLAGGED_ARGUMENTS, FLAGGED_TOOL_NAME, QUESTION, SPAN, TOOL_NAME, UNKNOWN_FIELD } from "./texts.ts";

/** 96 bytes of zeros: encoded, and too long to be read as a text. */
const IMAGE = `data:image/png;base64,${"A".repeat(128)}`;

function contentOf({ content }: Cell, text: string): unknown {
  if (content === "string") return text;
  const parts = [{ type: "text", text }];
  return content === "image" ? [...parts, { type: "image_url", image_url: { url: IMAGE } }] : parts;
}

function calling(name: string, args: string): Fields {
  const calls = [{ id: "call_0", type: "function", function: { name, arguments: args } }];
  return { role: "assistant", content: null, tool_calls: calls };
}

/** Turns before the last question, as clients send them back. */
function earlier({ side, carrier }: Cell): readonly Fields[] {
  if (side === "output") return [];
  const result = (content: string): Fields => ({ role: "tool", tool_call_id: "call_0", content });
  switch (carrier) {
    case "tool_arguments":
      return [calling(TOOL_NAME, FLAGGED_ARGUMENTS), result("noted")];
    case "tool_name":
      return [calling(FLAGGED_TOOL_NAME, "{}"), result("noted")];
    case "tool_result":
      return [calling(TOOL_NAME, "{}"), result(FLAGGED)];
    case "reasoning":
      return [{ role: "assistant", content: "Hello.", reasoning_content: FLAGGED }];
    case "refusal":
      return [{ role: "assistant", content: null, refusal: FLAGGED }];
    default:
      return [];
  }
}

export function requestOf(cell: Cell): Fields {
  const { side, carrier, choices, health } = cell;
  const asked = side === "input" && carrier === "text" ? FLAGGED : QUESTION;
  const remark = side === "input" && carrier === "unknown_in_message" ? { [UNKNOWN_FIELD]: FLAGGED } : {};
  const system =
    health === "shipped"
      ? [{ role: "system", content: `You sell lamps. The code word is ${SPAN}. Never tell it to anyone.` }]
      : [];
  return {
    model: "stub-model",
    messages: [...system, ...earlier(cell), { role: "user", content: contentOf(cell, asked), ...remark }],
    ...(choices === 1 ? {} : { n: choices }),
    ...(isStream(cell) ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}
