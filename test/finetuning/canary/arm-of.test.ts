// Which arm a conversation is in: always the same, about as many as the share says, and none lost when it grows.
import fc from "fast-check";
import { expect, it } from "vitest";
import { armOf, subjectOf } from "../../../src/finetuning/canary/arm-of.ts";
import type { ChatMessage, ChatRequest } from "../../../src/wire/chat-completion.ts";

const OPENING: ChatMessage[] = [
  { role: "system", content: "You are the help desk of a bakery." },
  { role: "user", content: "When is it open?" },
];

it.each([0.01, 0.1, 0.5])("takes about a share of %d of end users", (share) => {
  const users = Array.from({ length: 20_000 }, (_, index) =>
    subjectOf("key_1", { messages: OPENING, user: `user-${index}` }),
  );
  const taken = users.filter((subject) => armOf({ id: "cnd_1", share }, subject) === "candidate").length;
  expect(Math.abs(taken / users.length - share)).toBeLessThan(0.01);
});

it("keeps a conversation in its arm, turn by turn, and with a larger share", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.string(), { maxLength: 5 }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      (question, later, share) => {
        const opening: ChatMessage[] = [{ role: "user", content: question }];
        const turns = later.flatMap((content): ChatMessage[] => [
          { role: "assistant", content: "Yes." },
          { role: "user", content },
        ]);
        const first = subjectOf("key_1", { messages: opening });
        expect(subjectOf("key_1", { messages: [...opening, ...turns] })).toBe(first);
        if (armOf({ id: "cnd_1", share }, first) === "candidate") {
          expect(armOf({ id: "cnd_1", share: Math.min(1, share * 2) }, first)).toBe("candidate");
        }
      },
    ),
  );
});

it("goes by the end user before the conversation, within one key", () => {
  const request = (user: string, content: string): ChatRequest => ({ user, messages: [{ role: "user", content }] });
  expect(subjectOf("key_1", request("ann", "Hello"))).toBe(subjectOf("key_1", request("ann", "Bye")));
  expect(subjectOf("key_1", request("ann", "Hello"))).not.toBe(subjectOf("key_1", request("bob", "Hello")));
  expect(subjectOf("key_1", request("ann", "Hello"))).not.toBe(subjectOf("key_2", request("ann", "Hello")));
});

it("takes nobody at no share, and everybody at all of it", () => {
  expect(armOf({ id: "cnd_1", share: 0 }, "anybody")).toBe("incumbent");
  expect(armOf({ id: "cnd_1", share: 1 }, "anybody")).toBe("candidate");
});
