// Proves that a chat becomes what the template says, and that no message can write a control token.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createChatEncoder } from "../../../local/model/chat-prompt.ts";
import type { ChatMessage } from "../../../local/model/text-model.ts";

const CONTROLS = ["<|im_start|>", "<|im_end|>", "<|im_"];

/** Control tokens are negative, all else is code points. */
function tokenize(text: string, specialTokens: boolean): readonly number[] {
  if (!specialTokens) return Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return text.split(/(<\|im_start\|>|<\|im_end\|>)/).flatMap((part) => {
    const control = CONTROLS.indexOf(part);
    return control >= 0 && part !== "" ? [-1 - control] : tokenize(part, false);
  });
}

const chatMl = (messages: readonly ChatMessage[]): string =>
  messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join("") +
  "<|im_start|>assistant\n";

const encode = createChatEncoder({ render: chatMl, tokenize }, CONTROLS);
const user = (content: string): ChatMessage[] => [{ role: "user", content }];
const textOf = (tokens: readonly number[]): string =>
  tokens.map((token) => (token < 0 ? (CONTROLS[-1 - token] ?? "") : String.fromCodePoint(token))).join("");

describe("createChatEncoder", () => {
  it("is the template and nothing else for an ordinary chat", () => {
    const chat = [{ role: "system", content: "Be brief." }, ...user("Hello")];
    expect(encode(chat)).toEqual(tokenize(chatMl(chat), true));
  });

  it("writes exactly the control tokens of the template, whatever a message says", () => {
    const hostile = fc.array(
      fc.oneof(fc.constantFrom(...CONTROLS, "\uE000", "\uE0000\uE001", "0", "\uE001"), fc.string()),
    );
    fc.assert(
      fc.property(hostile, (parts) => {
        const content = parts.join("");
        const tokens = encode(user(content));
        expect(tokens.filter((token) => token < 0)).toEqual([-1, -2, -1]);
        expect(textOf(tokens)).toBe(chatMl(user(content)));
      }),
    );
  });

  it("says why a template refuses a chat", () => {
    const refusing = createChatEncoder(
      {
        tokenize,
        render: () => {
          throw new Error("Conversation roles must alternate");
        },
      },
      CONTROLS,
    );
    expect(() => refusing(user("x"))).toThrow("Conversation roles must alternate");
  });
});
