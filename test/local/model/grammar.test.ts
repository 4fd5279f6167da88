// Proves that response_format becomes a grammar, or a clear problem.
import { describe, expect, it } from "vitest";
import { openGrammar } from "../../../local/model/grammar.ts";
import type { Llama, LlamaLibrary, LlamaModel } from "../../../local/model/llama-library.ts";

const llama: Llama = {
  cpuMathCores: 1,
  loadModel: () => Promise.reject(new Error("not here")),
  getGrammarFor: (type) => Promise.resolve({ type }),
  createGrammarForJsonSchema: (schema) =>
    typeof schema === "object" ? Promise.resolve({ schema }) : Promise.reject(new Error("no schema at all")),
  dispose: () => Promise.resolve(),
};
class GrammarState {
  readonly grammar: object;
  constructor({ grammar }: { grammar: object }) {
    this.grammar = grammar;
  }
}
const library: LlamaLibrary = { getLlama: () => Promise.resolve(llama), LlamaGrammarEvaluationState: GrammarState };
const model: LlamaModel = {
  trainContextSize: 1,
  tokens: { bos: null, bosString: null, eosString: null },
  fileInfo: { metadata: {} },
  tokenize: () => [],
  detokenize: () => "",
  iterateAllTokens: () => [],
  isSpecialToken: () => false,
  createContext: () => Promise.reject(new Error("not here")),
};

describe("openGrammar", () => {
  it("is none for text, the JSON grammar for json_object, the schema's own for json_schema", async () => {
    expect(await openGrammar(library, llama, model, { type: "text" })).toBeUndefined();
    expect(await openGrammar(library, llama, model, { type: "json" })).toEqual({ grammar: { type: "json" } });
    const schema = { type: "object" };
    expect(await openGrammar(library, llama, model, { type: "json_schema", schema })).toEqual({ grammar: { schema } });
  });

  it("blames the client's schema", async () => {
    const opening = openGrammar(library, llama, model, { type: "json_schema", schema: 7 });
    await expect(opening).rejects.toMatchObject({ status: 400, code: "invalid_json_schema" });
  });
});
