// Answers against the form that the request asked for: what is flagged, what is left alone, and what is said to be unread.
import { describe, expect, it } from "vitest";
import { createAnswerSchemaGuardrail } from "../../../src/guardrail/answer-schema/answer-schema-guardrail.ts";
import type { Exchange, ExpectedAnswer } from "../../../src/guardrail/exchange.ts";

const guardrail = createAnswerSchemaGuardrail({ jsonSchema: true, toolParameters: true });
const SCHEMA = { type: "object", properties: { watts: { type: "integer" } }, required: ["watts"] };
const TOOLS = [
  { name: "switch_on", parameters: { type: "object", properties: { room: { type: "string" } }, required: ["room"] } },
];
const WANTS_JSON: ExpectedAnswer = { answerSchema: SCHEMA, tools: [] };
const HAS_TOOLS: ExpectedAnswer = { answerSchema: null, tools: TOOLS };

function exchange(expected: ExpectedAnswer | null, texts: Readonly<Record<string, string>>): Exchange {
  const answer = Object.entries(texts).map(([location, text]) => ({ role: "assistant" as const, text, location }));
  return { conversation: [], answer, guidance: [], ...(expected === null ? {} : { expected }) };
}

function call(name: string, given: string, place = 0): Readonly<Record<string, string>> {
  const at = `tool_calls[${place}].function`;
  return { [`${at}.name`]: name, ...(given === "" ? {} : { [`${at}.arguments`]: given }) };
}

describe("an answer is flagged as incorrect", () => {
  it.each<[string, ExpectedAnswer, Readonly<Record<string, string>>, string]>([
    ["that is no JSON", WANTS_JSON, { content: "Forty." }, "answer-json"],
    ["that breaks the schema", WANTS_JSON, { content: '{"watts": "forty"}' }, "answer-schema"],
    ["with arguments that are no JSON", HAS_TOOLS, call("switch_on", "kitchen"), "tool-json"],
    ["with arguments that break the parameters", HAS_TOOLS, call("switch_on", '{"room": 3}'), "tool-schema"],
    ["without arguments where some are required", HAS_TOOLS, call("switch_on", ""), "tool-schema"],
    ["with a call of a tool that nobody offered", HAS_TOOLS, call("explode", "{}"), "unknown-tool"],
  ])("%s", (_name, expected, texts, rule) => {
    const verdict = guardrail.check(exchange(expected, texts), "output");
    expect(verdict).toMatchObject({ status: "flag", findings: [{ rule, category: "incorrect", span: null }] });
    // The reason that a repair is asked for with: what was found is not in it.
    for (const text of Object.values(texts)) expect(verdict.findings[0]?.message).not.toContain(text);
  });

  it("by every call that is wrong", () => {
    const calls = {
      ...call("switch_on", '{"room": "hall"}'),
      ...call("explode", "{}", 1),
      ...call("switch_on", "[]", 2),
    };
    const { findings } = guardrail.check(exchange(HAS_TOOLS, calls), "output");
    expect(findings.map(({ rule }) => rule)).toEqual(["unknown-tool", "tool-schema"]);
    expect(findings[1]?.message).toContain("tool call 2");
  });
});

describe("an answer passes", () => {
  it.each<[string, ExpectedAnswer | null, Readonly<Record<string, string>>]>([
    ["that is what was asked for", WANTS_JSON, { content: '{"watts": 40}' }],
    [
      "that calls a tool in place of the JSON",
      { ...WANTS_JSON, tools: TOOLS },
      { content: "Wait.", ...call("switch_on", '{"room": "hall"}') },
    ],
    ["in which the model declines", WANTS_JSON, { content: "No.", refusal: "I can't." }],
    ["of which nothing was asked", { answerSchema: null, tools: [] }, { content: "Forty." }],
    ["to no request at all", null, { content: "Forty." }],
    [
      "without arguments where none are required",
      { answerSchema: null, tools: [{ name: "stop", parameters: {} }] },
      call("stop", ""),
    ],
    ["that has nothing in it", WANTS_JSON, {}],
  ])("%s", (_name, expected, texts) => {
    expect(guardrail.check(exchange(expected, texts), "output").status).toBe("pass");
  });
});

it("says of a schema that it can't read that it did not, and why", () => {
  const unreadable: ExpectedAnswer = { answerSchema: { $ref: "https://schemas.test/a" }, tools: [] };
  expect(guardrail.check(exchange(unreadable, { content: "{}" }), "output")).toMatchObject({
    status: "skipped",
    reason: "Not held against what was asked for: the schema refers outside of itself.",
  });
});

it.each([
  [{ jsonSchema: false, toolParameters: true }, ["tool-schema"]],
  [{ jsonSchema: true, toolParameters: false }, []],
])("reads what it is told to: %j", (options, rules) => {
  const texts = { content: "Forty.", ...call("switch_on", "{}") };
  const both = { answerSchema: SCHEMA, tools: TOOLS };
  const { findings } = createAnswerSchemaGuardrail(options).check(exchange(both, texts), "output");
  expect(findings.map(({ rule }) => rule)).toEqual(rules);
});

it.each<[ExpectedAnswer | null, boolean]>([
  [WANTS_JSON, true],
  [HAS_TOOLS, true],
  [{ answerSchema: null, tools: [] }, false],
  [null, false],
])("is concerned with a request only where a form was asked for", (expected, isConcerned) => {
  expect(guardrail.concerns?.(exchange(expected, {}))).toBe(isConcerned);
});
