// Whether an answer refuses: what models say, and what only sounds so.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRefusal, readRefusal } from "../../../src/guardrail/refusal/read-refusal.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "../hostile.ts";

const REFUSING: readonly string[] = [
  "I'm sorry, but I can't assist with that.",
  "I’m sorry, but I can’t help with that request.",
  "Sorry, I can't.",
  "I cannot and will not provide instructions for that.",
  "I'm not comfortable writing that.",
  "I won't be able to help with this one.",
  "I'm unable to do that.",
  "I must respectfully decline.",
  "As a responsible AI language model, I cannot generate that content.",
  "I apologize, but I cannot fulfill your request. It is not within my programming to do so.",
  "That's a great question. Unfortunately, I am not able to discuss it.",
  "It is not appropriate to joke about the way people look. Please be kind.",
  "It is important to treat everyone with respect, whatever they look like.",
  "Your request goes against my guidelines.",
  "很抱歉，我无法提供这方面的帮助。",
  "对不起,我不能回答这个问题。",
  "作为一个人工智能语言模型，我不能提供这样的内容。",
  "我不会帮你写这样的内容。",
  "这个问题我无法回答。",
  "我无法满足你的要求。",
];

const PARTLY: readonly string[] = [
  "I can't help you with the first part, but here is the second:\n1. Boil water.\n2. Add tea.\n3. Wait.",
  "The kettle has a thermostat, and it switches off at a hundred degrees of its own accord, which is why nobody needs to stand beside it and wait. I cannot recommend one of a certain brand.",
];

const ANSWERING: readonly string[] = [
  "I can't wait to help you plan the trip!",
  "I'm sorry your parcel is late. I can't see it in the system, but a new one is on its way.",
  "I'm sorry to hear that. Would you like a refund or a new one?",
  "\"I'm sorry, I can't help you,\" said the dragon, and slept on.",
  "“I cannot assist with that,” is what the machine kept saying, and Tom laughed.",
  "Dear Anna,\n\nI'm sorry, but I cannot accept your offer.",
  "Once upon a time there was a robot. I cannot help you, it would say to everyone.",
  "A polite way to refuse is: `I'm sorry, I can't help with that.` Use it sparingly.",
  "> I can't assist with that.\n\nThis message means that the filter is on.",
  "You cannot provide a list here; use a tuple.",
  "Penguins cannot fly, since their wings are flippers.",
  "As an AI, I don't have a body, but here is how swimmers breathe: they exhale under water.",
  "Sorry, that was my mistake: 7 times 8 is 56.",
  "No, Paris is the capital of France.",
  "抱歉让您久等了！您的订单已经发货。",
  "我不能再等了，太期待这次旅行！",
  "他说：“对不起，我不能回答你。”然后走了。",
  "企鹅不能飞，因为它们的翅膀是鳍状的。",
  "",
];

describe("readRefusal", () => {
  it.each(REFUSING)("is full: %s", (answer) => {
    expect(readRefusal(answer).strength).toBe("full");
    expect(isRefusal(answer)).toBe(true);
  });

  it.each(PARTLY)("is partial: %s", (answer) => {
    expect(readRefusal(answer).strength).toBe("partial");
    expect(isRefusal(answer)).toBe(false);
  });

  it.each(ANSWERING)("is none: %s", (answer) => {
    expect(readRefusal(answer)).toEqual({ strength: "none", span: null });
  });

  it("names the sentence that refuses, in the answer as it was given", () => {
    const answer = "  Hello. I’m sorry, but I can’t assist with that. Ask me something else.";
    const { span } = readRefusal(answer);
    expect(answer.slice(span?.start, span?.end)).toBe("I’m sorry, but I can’t assist with that.");
  });

  it("does not look for one behind the opening", () => {
    const story = "The shop opens at nine and sells lamps of every kind and colour. ".repeat(30);
    expect(readRefusal(`${story}I can't assist with that.`).strength).toBe("none");
  });

  it("never throws, and its span lies in the answer", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.constantFrom("", ...REFUSING), (text, refusal) => {
        const answer = text + refusal;
        const { span } = readRefusal(answer);
        expect(span === null || (span.start >= 0 && span.start < span.end && span.end <= answer.length)).toBe(true);
      }),
    );
  });

  it.each(["I cannot ", "sorry ", "it is ", '"', "```", "> ", "1. ", "抱歉", "我不能", "as an ai ", "\n", "` "])(
    "is linear in %j",
    { timeout: HOSTILE_TIMEOUT_MILLISECONDS },
    async (pattern) => {
      await expectLinear((text) => readRefusal(text), pattern);
    },
  );
});
