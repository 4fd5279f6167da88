// `response_format` as a grammar that the sampler obeys. Law: a schema that can't become a grammar is the client's clear problem.
import type { Llama, LlamaLibrary, LlamaModel } from "./llama-library.ts";
import { RequestProblem } from "./request-problem.ts";
import type { AnswerShape } from "./text-model.ts";

export async function openGrammar(
  library: LlamaLibrary,
  llama: Llama,
  model: LlamaModel,
  shape: AnswerShape,
): Promise<object | undefined> {
  if (shape.type === "text") return undefined;
  const grammar = shape.type === "json" ? await llama.getGrammarFor("json") : await fromSchema(llama, shape.schema);
  return new library.LlamaGrammarEvaluationState({ model, grammar });
}

async function fromSchema(llama: Llama, schema: unknown): Promise<object> {
  try {
    return await llama.createGrammarForJsonSchema(schema);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `This JSON schema can't be followed: ${reason}`;
    throw new RequestProblem(400, message, "invalid_json_schema", "response_format.json_schema.schema");
  }
}
