// What is stored of an exchange: its shape and unknown fields as they were, every text well-formed, spans in place.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../src/guardrail/verdict.ts";
import { redactExchange } from "../../src/mistake/redact-exchange.ts";
import { redact } from "../../src/mistake/redaction.ts";
import { anyText, arbitraryExchange } from "../fixtures/arbitrary.ts";

/** The same value with every text changed. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}

const flag = (location: string, start: number, end: number): Verdict => ({
  guardrail: "g",
  version: "1",
  side: "output",
  status: "flag",
  reason: null,
  score: null,
  threshold: null,
  latencyMilliseconds: null,
  rationale: null,
  findings: [{ rule: "r", category: "custom:test", span: { location, start, end }, message: "m" }],
});

describe("redactExchange", () => {
  it("keeps the shape, and leaves nothing ill-formed", () => {
    fc.assert(
      fc.property(arbitraryExchange(anyText), ({ messages, answer }) => {
        const redacted = redactExchange(messages, answer, []);
        mapTexts(redacted, (text) => {
          expect(text.isWellFormed()).toBe(true);
          return text;
        });
        // A number with a card's many digits may become a text.
        const blank = (value: unknown): unknown =>
          JSON.parse(JSON.stringify(mapTexts(value, () => "")), (_, each: unknown) =>
            typeof each === "number" && Math.abs(each) >= 1e12 ? "" : each,
          );
        expect(blank(redacted)).toEqual(blank({ messages, answer, verdicts: [] }));
        redacted.messages.forEach(({ role }, index) => {
          expect(role).toBe(messages[index]?.role);
        });
      }),
    );
  });

  it("redacts a card that came as a number, and leaves other numbers numbers", () => {
    const message = { role: "user" as const, content: "pay", card: 4111111111111111, year: 2026, price: 12.5 };
    const { messages } = redactExchange([message], { role: "assistant" }, []);
    expect(messages[0]).toEqual({ ...message, card: "[card]" });
  });

  it("redacts what is split over two parts of a content, with the spans in both", () => {
    const [before, behind] = ["Write to anna.smith@exa", "mple.com today."];
    const content = [
      { type: "text", text: before },
      { type: "image_url", image_url: { url: "u" } },
      { type: "text", text: behind },
    ];
    const spans = [flag("messages[0].content[0].text", 9, 23), flag("messages[0].content[2].text", 0, 8)];
    const { messages, verdicts } = redactExchange([{ role: "user", content }], { role: "assistant" }, spans);
    expect(messages[0]?.["content"]).toEqual([
      { type: "text", text: "Write to [email]" },
      content[1],
      { type: "text", text: "[email] today." },
    ]);
    expect(verdicts.map(({ findings }) => findings[0]?.span)).toMatchObject([
      { start: 9, end: 16 },
      { start: 0, end: 7 },
    ]);
  });

  it("redacts every text wherever it lies, once", () => {
    const text = "Write to anna.smith@example.com today.";
    const field = { content: text, nested: { deeper: [text, 7, null, true] } };
    const { messages, answer } = redactExchange(
      [
        { role: "user", ...field },
        { role: "user", content: [{ type: "text", text }] },
      ],
      { role: "assistant", ...field, tool_calls: [{ function: { arguments: text } }] },
      [],
    );
    const redacted = redact(text).text;
    expect({ messages, answer }).toEqual({
      messages: [
        { role: "user", content: redacted, nested: { deeper: [redacted, 7, null, true] } },
        { role: "user", content: [{ type: "text", text: redacted }] },
      ],
      answer: {
        role: "assistant",
        content: redacted,
        nested: { deeper: [redacted, 7, null, true] },
        tool_calls: [{ function: { arguments: redacted } }],
      },
    });
  });

  it("keeps nothing beside what was redacted when a field's name is ill-formed", () => {
    const { messages, answer } = redactExchange(
      [{ role: "user", content: "x", "a\ud800": "lone\udc00" }],
      { role: "assistant", content: "y", "b\ud800": 1 },
      [],
    );
    expect(messages).toEqual([{ role: "user", content: "x", "a\uFFFD": "lone\uFFFD" }]);
    expect(answer).toEqual({ role: "assistant", content: "y", "b\uFFFD": 1 });
  });

  it.each([
    "content",
    "reasoning_content",
    "refusal",
    "tool_calls[0].function.arguments",
    "messages[0].content",
    "messages[1].content[0].text",
  ])("leaves a span in %s on its text", (location) => {
    const before = "A plain sentence: ";
    const found = "the flagged words";
    const text = `${before}${found}.`;
    const { verdicts, messages, answer } = redactExchange(
      [
        { role: "user", content: text },
        { role: "user", content: [{ type: "text", text }] },
      ],
      {
        role: "assistant",
        content: text,
        reasoning_content: text,
        refusal: text,
        tool_calls: [{ function: { arguments: text } }],
      },
      [flag(location, before.length, before.length + found.length), flag("elsewhere", 1, 2)],
    );
    expect(JSON.stringify({ messages, answer })).toContain(found);
    expect(verdicts).toEqual([flag(location, before.length, before.length + found.length), flag("elsewhere", 1, 2)]);
  });

  it("redacts a judge's rationale, then cuts it: half an address would not be known for one", () => {
    const address = "somebody.of.importance@mail.example.org";
    const verdict = { ...flag("content", 0, 1), rationale: `${"a ".repeat(240)}${address} ${"wrote ".repeat(20)}` };
    const [stored] = redactExchange([], { role: "assistant", content: "x" }, [verdict]).verdicts;
    expect(stored?.rationale).toHaveLength(500);
    expect(stored?.rationale).not.toContain("somebody");
  });

  it("redacts what a verdict says beside: its reason, its messages, and names of fields in its places", () => {
    const place = "messages[0].metadata.jane@example.org";
    const finding = { rule: "r", category: "S1" as const, span: null, message: "It names jane@example.org." };
    const verdict: Verdict = {
      ...flag("content", 0, 1),
      reason: "no answer from jane@example.org",
      findings: [finding, { ...finding, span: { location: place, start: 0, end: 1 } }],
    };
    const stored = redactExchange([], { role: "assistant", content: "x" }, [verdict]).verdicts;
    expect(JSON.stringify(stored)).not.toContain("jane");
    expect(stored[0]?.findings[0]?.message).toBe("It names [email].");
  });

  it("redacts an answer's role, which may be any text", () => {
    const { answer } = redactExchange([], { role: "jane@example.org", content: "x" }, []);
    expect(answer.role).toBe("[email]");
    expect(redactExchange([], { role: "assistant", content: "x" }, []).answer.role).toBe("assistant");
  });

  it("leaves verdicts without a span alone", () => {
    const verdict: Verdict = {
      ...flag("content", 0, 1),
      findings: [{ rule: "r", category: "S1", span: null, message: "m" }],
    };
    expect(redactExchange([], { role: "assistant", content: "x" }, [verdict]).verdicts).toEqual([verdict]);
  });
});
