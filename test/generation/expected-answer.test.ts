// Which form a request asks for; what we do not know asks nothing.
import { expect, it } from "vitest";
import { expectedAnswer } from "../../src/generation/expected-answer.ts";

const messages = [{ role: "user" as const, content: "Hi" }];
const schema = { type: "object" };

it.each<[string, object, object]>([
  ["nothing", {}, { answerSchema: null, tools: [] }],
  ["text", { response_format: { type: "text" } }, { answerSchema: null, tools: [] }],
  ["JSON", { response_format: { type: "json_object" } }, { answerSchema: { type: "object" }, tools: [] }],
  [
    "a schema",
    { response_format: { type: "json_schema", json_schema: { name: "lamp", schema } } },
    { answerSchema: schema, tools: [] },
  ],
  ["a schema that is missing", { response_format: { type: "json_schema" } }, { answerSchema: null, tools: [] }],
  ["a form that we do not know", { response_format: "yaml", tools: "hammer" }, { answerSchema: null, tools: [] }],
  [
    "tools",
    {
      tools: [
        { type: "function", function: { name: "lamp", parameters: schema } },
        { type: "function", function: { name: "stop" } },
        { type: "custom", custom: { name: "shell" } },
        null,
      ],
    },
    {
      answerSchema: null,
      tools: [
        { name: "lamp", parameters: schema },
        { name: "stop", parameters: {} },
      ],
    },
  ],
])("asks for %s", (_name, fields, expected) => {
  expect(expectedAnswer({ messages, ...fields })).toEqual(expected);
});
