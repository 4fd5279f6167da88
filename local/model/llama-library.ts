// The parts of node-llama-cpp and @huggingface/jinja that we use, written down by hand and checked when they are loaded.
// Law: both are installed by `npm start`, not by `npm install`, so nothing else may import them and nothing needs their types.
import type { PromptSequence } from "./prompt-blocks.ts";

export interface EvaluateOptions {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly seed: number;
  readonly grammarEvaluationState?: object;
}

export type ControlledItem =
  | number
  | [
      token: number,
      options: {
        readonly generateNext: { readonly probabilities: true; readonly options: { readonly temperature: number } };
      },
    ];

export interface LlamaSequence extends PromptSequence {
  evaluate(tokens: number[], options: EvaluateOptions): AsyncGenerator<number, unknown>;
  controlledEvaluate(
    input: ControlledItem[],
  ): Promise<({ readonly next: { readonly probabilities?: ReadonlyMap<number, number> } } | undefined)[]>;
}

export interface LlamaContext {
  getSequence(): LlamaSequence;
  dispose(): Promise<void>;
}

export interface ContextOptions {
  readonly contextSize: number;
  readonly sequences: number;
  readonly batchSize: number;
  readonly threads: number;
  readonly lora?: string;
}

export interface LlamaModel {
  readonly trainContextSize: number;
  readonly tokens: {
    readonly bos: number | null;
    readonly bosString: string | null;
    readonly eosString: string | null;
  };
  readonly fileInfo: { readonly metadata: { readonly tokenizer?: { readonly chat_template?: unknown } } };
  tokenize(text: string, specialTokens: boolean): number[];
  detokenize(tokens: readonly number[], specialTokens: boolean, lastTokens: readonly number[]): string;
  iterateAllTokens(): Iterable<number>;
  isSpecialToken(token: number): boolean;
  createContext(options: ContextOptions): Promise<LlamaContext>;
}

export interface Llama {
  readonly cpuMathCores: number;
  loadModel(options: { readonly modelPath: string; readonly gpuLayers: number }): Promise<LlamaModel>;
  getGrammarFor(type: "json"): Promise<object>;
  createGrammarForJsonSchema(schema: unknown): Promise<object>;
  dispose(): Promise<void>;
}

export interface LlamaLibrary {
  getLlama(options: {
    readonly gpu: false | "metal";
    readonly build: "never";
    readonly skipDownload: true;
    readonly logLevel: "error";
    readonly maxThreads: number;
  }): Promise<Llama>;
  readonly LlamaGrammarEvaluationState: new (options: {
    readonly model: LlamaModel;
    readonly grammar: object;
  }) => object;
}

export interface JinjaLibrary {
  readonly Template: new (source: string) => { render(values: Readonly<Record<string, unknown>>): string };
}

export async function loadLlamaLibrary(): Promise<LlamaLibrary> {
  return await load("node-llama-cpp", isLlamaLibrary);
}

export async function loadJinjaLibrary(): Promise<JinjaLibrary> {
  return await load("@huggingface/jinja", isJinjaLibrary);
}

async function load<Library>(name: string, isLibrary: (value: unknown) => value is Library): Promise<Library> {
  const library: unknown = await import(name);
  if (isLibrary(library)) return library;
  throw new Error(`${name} is not the version that local/package-lock.json pins: run npm start to install it anew.`);
}

function isLlamaLibrary(value: unknown): value is LlamaLibrary {
  return hasFunction(value, "getLlama") && hasFunction(value, "LlamaGrammarEvaluationState");
}

function isJinjaLibrary(value: unknown): value is JinjaLibrary {
  return hasFunction(value, "Template");
}

function hasFunction(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, name) === "function";
}
