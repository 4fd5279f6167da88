// Answers that break what the client asked for: a JSON schema, or the parameters of a tool that is called. Category `incorrect`: a wrong
// form is no harm. Law: speaks of whole answers only; a schema that can't be read soundly is `skipped` with the reason, never a flag.
import type { Exchange, ExchangeText } from "../exchange.ts";
import type { FastGuardrail } from "../guardrail.ts";
import type { Finding } from "../verdict.ts";
import { judged, skipped } from "../verdicts.ts";
import { CompiledSchema, type SchemaCheck } from "./compiled-schema.ts";

const IDENTITY = { id: "answer-schema", version: "2026-11-23.1" };
const TOOL_CALL = /^tool_calls\[(\d{1,4})\]\.function\.(name|arguments)$/;

export interface AnswerSchemaOptions {
  readonly jsonSchema: boolean;
  readonly toolParameters: boolean;
}

interface CalledTool {
  readonly name: string;
  readonly arguments: string;
}

/** By their place in the answer. */
function calledTools(answer: readonly ExchangeText[]): ReadonlyMap<string, CalledTool> {
  const calls = new Map<string, CalledTool>();
  for (const { text, location } of answer) {
    const [, place, field] = TOOL_CALL.exec(location) ?? [];
    if (place === undefined || field === undefined) continue;
    calls.set(place, { ...(calls.get(place) ?? { name: "", arguments: "" }), [field]: text });
  }
  return calls;
}

function finding(rule: string, message: string): Finding {
  return { rule, category: "incorrect", span: null, message };
}

interface Outcome {
  readonly findings: readonly Finding[];
  readonly unread: readonly string[];
}

const NOTHING: Outcome = { findings: [], unread: [] };

function outcomeOf(
  check: SchemaCheck,
  rules: { readonly json: string; readonly schema: string },
  what: string,
): Outcome {
  switch (check.kind) {
    case "sound":
      return NOTHING;
    case "no JSON":
      return { findings: [finding(rules.json, `${what} not valid JSON, as was asked for.`)], unread: [] };
    case "broken": {
      const message = `${what} not what the JSON schema asks for, at ${check.place} of the schema.`;
      return { findings: [finding(rules.schema, message)], unread: [] };
    }
    case "unread":
      return { findings: [], unread: [check.reason] };
  }
}

export function createAnswerSchemaGuardrail({ jsonSchema, toolParameters }: AnswerSchemaOptions): FastGuardrail {
  /** The schemas of a request are the same objects for all its choices; an entry lives no longer than its request. */
  const compiled = new WeakMap<object, CompiledSchema>();
  const compile = (schema: unknown): CompiledSchema => {
    if (typeof schema !== "object" || schema === null) return new CompiledSchema(schema);
    const known = compiled.get(schema) ?? new CompiledSchema(schema);
    compiled.set(schema, known);
    return known;
  };

  const answerOutcome = ({ answer, expected }: Exchange): Outcome => {
    const schema = expected?.answerSchema ?? null;
    const content = answer.find(({ location }) => location === "content");
    // A model that declines or calls a tool was not asked for JSON there.
    const isElse = answer.some(({ location }) => location === "refusal" || TOOL_CALL.test(location));
    if (!jsonSchema || schema === null || content === undefined || isElse) return NOTHING;
    const rules = { json: "answer-json", schema: "answer-schema" };
    return outcomeOf(compile(schema).check(content.text), rules, "The answer is");
  };

  const callOutcome = (place: string, call: CalledTool, { expected }: Exchange): Outcome => {
    const tools = expected?.tools ?? [];
    if (tools.length === 0) return NOTHING;
    const tool = tools.find(({ name }) => name === call.name);
    if (tool === undefined) {
      return { findings: [finding("unknown-tool", `Tool call ${place} names no tool of the request.`)], unread: [] };
    }
    const rules = { json: "tool-json", schema: "tool-schema" };
    // Servers leave them empty where there are none.
    const text = call.arguments.trim() === "" ? "{}" : call.arguments;
    return outcomeOf(compile(tool.parameters).check(text), rules, `The arguments of tool call ${place} are`);
  };

  return {
    ...IDENTITY,
    sides: ["output"],
    categories: ["incorrect"],
    concerns: ({ expected }) =>
      (jsonSchema && expected?.answerSchema !== null && expected?.answerSchema !== undefined) ||
      (toolParameters && (expected?.tools ?? []).length > 0),
    check: (exchange, side) => {
      const calls = toolParameters ? [...calledTools(exchange.answer)] : [];
      const outcomes = [answerOutcome(exchange), ...calls.map(([place, call]) => callOutcome(place, call, exchange))];
      const findings = outcomes.flatMap((outcome) => outcome.findings);
      const [reason] = outcomes.flatMap(({ unread }) => unread);
      if (findings.length > 0 || reason === undefined) return judged(IDENTITY, side, findings);
      return skipped(IDENTITY, side, `Not held against what was asked for: ${reason}.`);
    },
  };
}
