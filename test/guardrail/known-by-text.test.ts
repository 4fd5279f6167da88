// What is remembered of a text, short or long. Law: the same object only, never one that merely says the same.
import { describe, expect, it } from "vitest";
import type { ExchangeText } from "../../src/guardrail/exchange.ts";
import { KnownByText } from "../../src/guardrail/known-by-text.ts";

function textOf(text: string): ExchangeText {
  return { role: "assistant", text, location: "content" };
}

describe.each([
  ["short", "tea"],
  ["long", "tea ".repeat(1_000)],
])("what is known of a %s text", (_, written) => {
  it("is worked out once for several texts that are read by turns", () => {
    let count = 0;
    const known = new KnownByText(({ text }: ExchangeText) => `${text}${(count += 1)}`);
    const texts = [textOf(written), textOf(written), textOf(written), textOf(written)];
    const first = texts.map((text) => known.of(text));
    expect(new Set(first).size).toBe(4);
    expect(texts.map((text) => known.of(text))).toEqual(first);
  });
});

describe("what is known of many short texts", () => {
  it("is worked out again once others have taken its place", () => {
    let count = 0;
    const known = new KnownByText((_: ExchangeText) => (count += 1));
    const first = textOf("tea");
    known.of(first);
    for (let other = 0; other < 10; other += 1) known.of(textOf("coffee"));
    expect(known.of(first)).toBe(12);
  });
});
