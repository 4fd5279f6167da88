// What of an upstream's completion goes on beside the messages.
import { describe, expect, it } from "vitest";
import { knownChoice, knownHead } from "../../src/generation/known-fields.ts";

const message = { role: "assistant", content: "Hi." };
const token = { token: "Hi.", logprob: -1, bytes: [72, 105, 46] };
const logprobs = { content: [{ ...token, top_logprobs: [token] }], refusal: null };
const NOTES = { setback: { action: "allow" }, content_filter_results: {}, prompt_filter_results: [] };

describe("knownChoice", () => {
  const choice = { index: 1, message, finish_reason: "length", logprobs };

  it("keeps what OpenAI sends", () => {
    expect(knownChoice(choice)).toEqual(choice);
    expect(knownChoice({ index: 0, message, finish_reason: null, logprobs: null })).toEqual({
      index: 0,
      message,
      finish_reason: null,
      logprobs: null,
    });
  });

  it("drops fields that no guardrail reads, and notes that only we may write", () => {
    const told = { ...choice, ...NOTES, text: "a", reasoning: "b", delta: { content: "c" }, stop_reason: "d" };
    expect(knownChoice(told)).toEqual(choice);
  });

  it("lets no text out in a role, a finish reason or beside the log probabilities", () => {
    const hidden = {
      index: 1,
      message: { ...message, role: "some words" },
      finish_reason: "more words",
      logprobs: { ...logprobs, text: "a", content: [{ ...logprobs.content[0], text: "b" }] },
    };
    expect(knownChoice(hidden)).toEqual({
      index: 1,
      message,
      finish_reason: "stop",
      logprobs: { ...logprobs, content: [logprobs.content[0]] },
    });
    expect(knownChoice({ ...choice, logprobs: "some words" })).toMatchObject({ logprobs: null });
  });
});

describe("knownHead", () => {
  const head = {
    id: "1",
    object: "chat.completion" as const,
    created: 1,
    model: "m",
    usage: { total_tokens: 7 },
    system_fingerprint: null,
    service_tier: "default",
  };

  it("keeps what OpenAI sends and nothing else", () => {
    expect(knownHead({ ...head, ...NOTES, output: "a", choices: [{ index: 0, message }] })).toEqual(head);
  });

  it("keeps scalars alone", () => {
    const { service_tier: _, ...rest } = head;
    expect(knownHead({ ...head, service_tier: { text: "a" }, choices: [{ index: 0, message }] })).toEqual(rest);
  });

  it("brings no words: not as usage, not as a tier, not as an id", () => {
    const worded = {
      ...head,
      id: "some words",
      service_tier: "some words",
      usage: { total_tokens: 7, note: "some words" },
    };
    const known = knownHead({ ...worded, choices: [{ index: 0, message }] });
    expect(known).toMatchObject({ id: "", usage: { total_tokens: 7 } });
    expect(JSON.stringify(known)).not.toContain("some words");
  });
});
