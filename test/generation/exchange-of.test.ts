// From the wire to the exchange that guardrails read.
import { describe, expect, it } from "vitest";
import { answerTexts, exchangeOf } from "../../src/generation/exchange-of.ts";
import type { ChatMessage } from "../../src/wire/chat-completion.ts";

describe("exchangeOf", () => {
  it("holds every turn with its role and place", () => {
    const messages: ChatMessage[] = [
      { role: "developer", content: "Be brief." },
      {
        role: "user",
        content: [{ type: "text", text: "Look:" }, { type: "image_url" }, { type: "text", text: "this" }],
      },
      { role: "assistant", content: null, tool_calls: [{ id: "1", function: { name: "f", arguments: '{"a":1}' } }] },
      { role: "tool", content: "42", tool_call_id: "1" },
      { role: "function", content: "43", name: "f" },
      { role: "assistant", content: "", refusal: "I can't." },
    ];
    const { conversation, answer, guidance } = exchangeOf(messages, null, ["be correct"]);
    expect(conversation.map(({ role, text, location }) => [role, text, location])).toEqual([
      ["system", "Be brief.", "messages[0].content"],
      ["user", "Look:", "messages[1].content[0].text"],
      ["user", "this", "messages[1].content[2].text"],
      ["assistant", "1", "messages[2].tool_calls[0].id"],
      ["assistant", "f", "messages[2].tool_calls[0].function.name"],
      ["assistant", '{"a":1}', "messages[2].tool_calls[0].function.arguments"],
      ["tool", "42", "messages[3].content"],
      ["tool", "1", "messages[3].tool_call_id"],
      ["tool", "43", "messages[4].content"],
      ["tool", "f", "messages[4].name"],
      ["assistant", "I can't.", "messages[5].refusal"],
    ]);
    expect(answer).toEqual([]);
    expect(guidance).toEqual(["be correct"]);
  });

  it("holds the answer under its fields' names", () => {
    const { answer } = exchangeOf([], { role: "assistant", content: "a", reasoning_content: "b" }, []);
    expect(answer).toEqual([
      { role: "assistant", text: "a", location: "content" },
      { role: "assistant", text: "b", location: "reasoning_content" },
    ]);
  });
});

it.each([
  ["no text", { content: null }],
  ["an empty text", { content: "" }],
  ["a tool call without anything", { content: null, tool_calls: [{ type: "function", function: { arguments: "" } }] }],
])("an answer with %s is empty", (_name, message) => {
  expect(answerTexts({ role: "assistant", ...message })).toEqual([]);
});
