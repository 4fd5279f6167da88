// The model's answer held against other answers of its own: what is flagged, what is not compared, and what it costs.
import { describe, expect, it } from "vitest";
import type { Exchange } from "../../../src/guardrail/exchange.ts";
import type { TokenUsage } from "../../../src/guardrail/guardrail.ts";
import { createSelfContradictionGuardrail } from "../../../src/guardrail/self-contradiction/self-contradiction-guardrail.ts";
import type { ChatModel } from "../../../src/model/chat-model.ts";
import type { ChatRequest } from "../../../src/wire/chat-completion.ts";
import { contentText } from "../../../src/wire/content-text.ts";
import { callOf } from "../../fakes/guardrail-call.ts";
import { ScriptedModel } from "../../fakes/scripted-model.ts";
import { answering, conversationOf } from "../exchange-of.ts";

const ALWAYS = {
  id: "again",
  model: null,
  answers: 2,
  randomBytes: (length: number) => new Uint8Array(length).fill(7),
};
const exchange = answering(
  "The lamp was built in 1931.",
  conversationOf(["system", "Be brief."], ["user", "When was it built?"]),
);

/** Answers questions with one text, and comparisons with the words in turn. */
function modelOf(other: string | null, ...words: (string | null)[]): ChatModel & { readonly requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  return {
    requests,
    complete: async (request) => {
      requests.push(request);
      const said = request["temperature"] === 0 ? (words.shift() ?? null) : other;
      return await new ScriptedModel(said).complete(request);
    },
    stream: async () => await Promise.reject(new Error("not asked for")),
    models: async () => await Promise.reject(new Error("not asked for")),
  };
}

describe("an answer", () => {
  it.each([
    ["flag", 1, ["yes", "Yes."]],
    ["pass", 0.5, ["yes", "no"]],
    ["pass", 0, ["No", "**no**"]],
  ])("is a %s with the score %d where the comparisons say %j", async (status, score, words) => {
    const verdict = await createSelfContradictionGuardrail(ALWAYS).check(
      exchange,
      "output",
      callOf(modelOf("In 1950.", ...words)),
    );
    expect(verdict).toMatchObject({ status, score, threshold: 0.5 });
    expect(verdict.findings.map(({ category }) => category)).toEqual(status === "flag" ? ["incorrect"] : []);
  });

  it("is asked for again in its own conversation, and compared in a fresh one between delimiters; all of it is paid for", async () => {
    const model = modelOf("In 1950.", "yes", "yes");
    const spent: TokenUsage[] = [];
    await createSelfContradictionGuardrail(ALWAYS).check(exchange, "output", callOf(model, spent));
    expect(spent).toHaveLength(4);
    expect(model.requests.filter(({ messages }) => messages.length === 2)).toMatchObject([
      { temperature: 1, messages: [{ role: "system", content: "Be brief." }, { role: "user" }] },
      { temperature: 1 },
    ]);
    const compared = contentText(model.requests.find(({ messages }) => messages.length === 1)?.messages[0]?.content);
    for (const text of ["When was it built?", "The lamp was built in 1931.", "In 1950."])
      expect(compared).toContain(text);
    expect(compared).toContain(`=== ${"07".repeat(8)} first answer`);
  });
});

describe("is skipped with its reason, and never an error or a pass,", () => {
  it.each<[string, Exchange, ReturnType<typeof modelOf>, RegExp]>([
    ["where the model can't be asked", exchange, modelOf(null), /no clear word/],
    ["where it gives no clear word", exchange, modelOf("In 1950.", "maybe", "yes"), /no clear word/],
    ["for a long answer", answering("word ".repeat(200), exchange), modelOf("a"), /not short/],
    [
      "for an answer with a tool call",
      answering("f", exchange, "tool_calls[0].function.name"),
      modelOf("a"),
      /one text/,
    ],
    ["without a conversation", answering("The lamp."), modelOf("a"), /conversation/],
    [
      "where tools have spoken",
      answering("The lamp.", conversationOf(["user", "Which?"], ["tool", "lamp"])),
      modelOf("a"),
      /Tools/,
    ],
    [
      "where tools may be called",
      { ...exchange, expected: { answerSchema: null, tools: [{ name: "f", parameters: {} }] } },
      modelOf("a"),
      /Tools/,
    ],
  ])("%s", async (_name, subject, model, reason) => {
    const verdict = await createSelfContradictionGuardrail(ALWAYS).check(subject, "output", callOf(model));
    expect(verdict.status).toBe("skipped");
    expect(verdict.reason).toMatch(reason);
  });

  it("where it takes too long", async () => {
    const model: ChatModel = {
      ...modelOf("a"),
      complete: async () => await Promise.reject(new Error("aborted")),
    };
    const verdict = await createSelfContradictionGuardrail(ALWAYS).check(exchange, "output", callOf(model));
    expect(verdict).toMatchObject({ status: "skipped", reason: "The model could not be asked again in time." });
  });
});
