// The guidance around the user's last turn, and everything else as the client sent it.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sandwich, unguided } from "../../../src/generation/guidance/apply-guidance.ts";
import { GUIDANCE_TEXTS } from "../../../src/generation/guidance/guidance-texts.ts";
import { chatRequestSchema, type ChatMessage, type ChatRequest } from "../../../src/wire/chat-completion.ts";
import { contentText } from "../../../src/wire/content-text.ts";

const { en, zh } = GUIDANCE_TEXTS;
const user = (content: ChatMessage["content"]): ChatMessage => ({ role: "user", content });

function guided(...messages: ChatMessage[]): { contents: ChatMessage["content"][]; version: string | null } {
  const { request, guidance } = sandwich({ messages });
  return { contents: request.messages.map(({ content }) => content), version: guidance?.version ?? null };
}

describe("the sandwich", () => {
  it.each([
    ["English", "Can I return my lamp?", en],
    ["Chinese", "我可以退货吗？", zh],
    ["Japanese, for which there is no guidance of its own", "ランプを返品できますか。", en],
    ["no language at all", "1 + 1 =", en],
  ])("speaks the language of the request: %s", (_name, text, { before, after, version }) => {
    expect(guided(user(text))).toEqual({ contents: [`${before}\n\n${text}\n\n${after}`], version });
  });

  it("goes by the last turn of the user, not by the system prompt or what came before", () => {
    const { version, contents } = guided(
      { role: "system", content: "你是一个友好的商店助手。" },
      user("你好！"),
      { role: "assistant", content: "您好！" },
      user("Can I return my lamp?"),
    );
    expect(version).toBe(en.version);
    expect(contents.slice(0, 3)).toEqual(["你是一个友好的商店助手。", "你好！", "您好！"]);
  });

  it("stands as parts of its own around many parts", () => {
    const parts = [
      { type: "image_url", image_url: { url: "data:,", detail: "low" } },
      { type: "text", text: "What is this?" },
    ];
    expect(guided(user(parts)).contents).toEqual([
      [{ type: "text", text: en.before }, ...parts, { type: "text", text: en.after }],
    ]);
  });

  it("stays with the user's turn where results of tools come after it", () => {
    const toolCall: ChatMessage = { role: "assistant", content: null, tool_calls: [{ id: "1", type: "function" }] };
    const toolResult: ChatMessage = { role: "tool", tool_call_id: "1", content: "22 °C" };
    const { request } = sandwich({ messages: [user("How warm is it?"), toolCall, toolResult] });
    expect(contentText(request.messages[0]?.content)).toContain(en.after);
    expect(request.messages.slice(1)).toEqual([toolCall, toolResult]);
  });

  it.each<[string, ChatMessage[]]>([
    ["without a user's turn", [{ role: "system", content: "Say hello." }]],
    [
      "after a system prompt and an answer",
      [
        { role: "system", content: "Hi" },
        { role: "assistant", content: "Hi" },
      ],
    ],
  ])("stays away %s", (_name, messages) => {
    expect(sandwich({ messages })).toEqual({ request: { messages }, guidance: null });
  });

  it("leaves everything else as it was: system prompt, tools, JSON mode, unknown fields, earlier turns", () => {
    const message = fc.record(
      {
        role: fc.constantFrom("system", "developer", "user", "assistant", "tool"),
        content: fc.oneof(
          fc.string(),
          fc.constant(null),
          fc.array(fc.record({ type: fc.constant("text"), text: fc.string() }), { maxLength: 2 }),
        ),
        name: fc.string(),
      },
      { requiredKeys: ["role", "content"] },
    );
    const anyRequest = fc.record(
      {
        messages: fc.array(message, { minLength: 1, maxLength: 5 }),
        tools: fc.array(fc.jsonValue({ maxDepth: 2 })),
        response_format: fc.constant({ type: "json_object" }),
        temperature: fc.double({ noNaN: true }),
      },
      { requiredKeys: ["messages"] },
    );
    fc.assert(
      fc.property(anyRequest, (raw) => {
        const request: ChatRequest = chatRequestSchema.parse(raw);
        const copy = structuredClone(request);
        const { request: after } = sandwich(request);
        expect(request).toEqual(copy);
        const place = request.messages.findLastIndex(({ role }) => role === "user");
        expect({ ...after, messages: null }).toEqual({ ...request, messages: null });
        expect(after.messages.toSpliced(place, place < 0 ? 0 : 1)).toEqual(
          request.messages.toSpliced(place, place < 0 ? 0 : 1),
        );
        const [turn, guidedTurn] = [request.messages[place], after.messages[place]];
        if (turn !== undefined && guidedTurn !== undefined) {
          expect({ ...guidedTurn, content: null }).toEqual({ ...turn, content: null });
          expect(contentText(guidedTurn.content)).toContain(contentText(turn.content));
        }
      }),
    );
  });
});

it("is not there without guidance", () => {
  const request = { messages: [user("Hi")] };
  expect(unguided(request)).toEqual({ request, guidance: null });
});
