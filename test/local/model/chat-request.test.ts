// Proves what the local server takes from a client, and what it refuses, naming the field.
import { describe, expect, it } from "vitest";
import { readChatRequest, readScoreRequest } from "../../../local/model/chat-request.ts";
import { RequestProblem } from "../../../local/model/request-problem.ts";

const least = { model: "m", messages: [{ role: "user", content: "Hello" }] };

function problemOf(body: unknown): { param: string | null; status: number; message: string } {
  try {
    readChatRequest(body);
  } catch (cause) {
    if (cause instanceof RequestProblem) return { param: cause.param, status: cause.status, message: cause.message };
    throw cause;
  }
  throw new Error("the request was taken");
}

describe("readChatRequest", () => {
  it("has OpenAI's defaults", () => {
    expect(readChatRequest(least)).toEqual({
      model: "m",
      messages: [{ role: "user", content: "Hello" }],
      stream: false,
      includeUsage: false,
      choices: 1,
      stops: [],
      seed: null,
      temperature: 1,
      topP: 1,
      maximumTokens: 512,
      alternatives: null,
      shape: { type: "text" },
    });
  });

  it("takes null for what is not set, and ignores what it does not know", () => {
    const nulls = { stop: null, n: null, seed: null, temperature: null, max_tokens: null, response_format: null };
    expect(readChatRequest({ ...least, ...nulls, tools: [{}], user: "u" })).toEqual(readChatRequest(least));
  });

  it("joins text parts, reads developer as system, and an absent content as empty", () => {
    const messages = [
      {
        role: "developer",
        content: [
          { type: "text", text: "Be " },
          { type: "text", text: "brief." },
        ],
      },
      { role: "assistant", content: null, tool_calls: [] },
    ];
    expect(readChatRequest({ ...least, messages }).messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "assistant", content: "" },
    ]);
  });

  it("takes a stop string or a list, without empty ones", () => {
    expect(readChatRequest({ ...least, stop: "END" }).stops).toEqual(["END"]);
    expect(readChatRequest({ ...least, stop: ["a", "", "b"] }).stops).toEqual(["a", "b"]);
  });

  it("prefers the newer name of the token limit", () => {
    expect(readChatRequest({ ...least, max_tokens: 5, max_completion_tokens: 7 }).maximumTokens).toBe(7);
  });

  it("reads the shapes of response_format", () => {
    const shapeOf = (format: unknown): unknown => readChatRequest({ ...least, response_format: format }).shape;
    expect(shapeOf({ type: "json_object" })).toEqual({ type: "json" });
    const schema = { type: "object" };
    expect(shapeOf({ type: "json_schema", json_schema: { name: "x", schema } })).toEqual({
      type: "json_schema",
      schema,
    });
  });

  it.each([
    ["no object", 7, null],
    ["no messages", { model: "m" }, "messages"],
    ["empty messages", { ...least, messages: [] }, "messages"],
    ["an unknown role", { ...least, messages: [{ role: "king", content: "x" }] }, "messages[0].role"],
    ["a picture", { ...least, messages: [{ role: "user", content: [{ type: "image_url" }] }] }, "messages[0].content"],
    ["a temperature above 2", { ...least, temperature: 2.1 }, "temperature"],
    ["n of 0", { ...least, n: 0 }, "n"],
    ["n without end", { ...least, n: 1e9 }, "n"],
    ["max_tokens of 0", { ...least, max_tokens: 0 }, "max_tokens"],
    ["half a seed", { ...least, seed: 1.5 }, "seed"],
    ["top_logprobs alone", { ...least, top_logprobs: 2 }, "top_logprobs"],
    [
      "a schema that is none",
      { ...least, response_format: { type: "json_schema", json_schema: {} } },
      "response_format.json_schema.schema",
    ],
  ])("refuses %s", (_, body, param) => {
    expect(problemOf(body)).toMatchObject({ param, status: 400 });
  });
});

describe("readScoreRequest", () => {
  it("needs a continuation", () => {
    expect(readScoreRequest({ ...least, continuation: "Hi" }).continuation).toBe("Hi");
    expect(() => readScoreRequest({ ...least, continuation: "" })).toThrow("continuation");
  });
});
