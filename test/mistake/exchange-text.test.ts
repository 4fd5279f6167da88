// An exchange as plain text.
import { expect, it } from "vitest";
import { answerText, conversationText, lastUserText, promptText } from "../../src/mistake/exchange-text.ts";
import type { ChatMessage, CompletionMessage } from "../../src/wire/chat-completion.ts";

const user = (content: ChatMessage["content"]): ChatMessage => ({ role: "user", content });
const parts: ChatMessage["content"] = [
  { type: "text", text: "What is" },
  { type: "image_url", image_url: { url: "data:," } },
  { type: "text", text: "this?" },
];

it.each<[string, ChatMessage[], string]>([
  ["one message is its text alone", [user("你好")], "你好"],
  ["text parts are joined, images left out", [user(parts)], "What is\nthis?"],
  [
    "several are told apart by role",
    [{ role: "system", content: "Be kind." }, user("Hi")],
    "system: Be kind.\nuser: Hi",
  ],
  ["messages without text don't count", [{ role: "assistant", content: null }, user("Hi")], "Hi"],
  ["nothing was said", [user(null), user("")], ""],
])("in a conversation, %s", (_, messages, text) => {
  expect(conversationText(messages)).toBe(text);
});

it.each<[string, CompletionMessage, string]>([
  ["its content", { role: "assistant", content: "Yes." }, "Yes."],
  ["a refusal", { role: "assistant", content: null, refusal: "No." }, "No."],
  ["content and reasoning", { role: "assistant", content: "4", reasoning_content: "2 + 2" }, "4\n2 + 2"],
  [
    "tool calls",
    { role: "assistant", content: null, tool_calls: [{ function: { name: "add", arguments: "{}" } }, {}] },
    "add({})",
  ],
  [
    "every text that guardrails read, but no ids, names of fields or signatures",
    {
      role: "assistant",
      content: "a",
      refusal: "d",
      reasoning_content: "b",
      reasoning: "c",
      tool_calls: [
        { id: "call_1", type: "custom", custom: { name: "draw", input: "e" } },
        { id: "call_2", type: "function", function: { name: "stop" } },
      ],
      function_call: { name: "find", arguments: "f" },
      audio: { id: "audio_1", transcript: "g", data: "AAAA".repeat(20) },
      reasoning_details: [{ type: "reasoning.text", text: "b", signature: "AAAA".repeat(20) }],
      whatever: ["h"],
    },
    "a\nb\nc\nd\ndraw(e)\nstop\nfind(f)\ng\nh",
  ],
  [
    "what a model hides in ids and names of fields",
    { role: "assistant", content: "ok", tool_calls: [{ id: "some words" }], "more words": 1 },
    "ok\nsome words\nmore words",
  ],
  ["encoded content", { role: "assistant", content: "AAAA".repeat(20) }, "AAAA".repeat(20)],
  ["nothing", { role: "assistant" }, ""],
])("an answer's text is %s", (_, answer, text) => {
  expect(answerText(answer)).toBe(text);
});

it("the last user text is the last that a user said", () => {
  expect(lastUserText([user("first"), user("second"), { role: "assistant", content: "third" }])).toBe("second");
  expect(lastUserText([{ role: "system", content: "alone" }])).toBe("");
});

it("a prompt is all that was sent but the system prompt, and a single turn is itself", () => {
  const system = { role: "system", content: "Sell lamps." } as const;
  expect(promptText([system, user("first")])).toBe("first");
  expect(promptText([system])).toBe("");
  const call = { id: "c", type: "function", function: { name: "look", arguments: "{}" } };
  const conversations: ChatMessage[][] = [
    [user("second")],
    [user("first"), user("second")],
    [{ role: "assistant", content: "first" }, user("second")],
    [{ role: "assistant", content: "", tool_calls: [call] }, user("second")],
  ];
  const prompts = conversations.map((messages) => promptText(messages));
  expect(new Set(prompts).size).toBe(prompts.length);
});
