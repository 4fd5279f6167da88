// Loads the base model once and offers it, and each adapter beside it, under a name.
// Law: weights are in memory once, however many adapters there are; an adapter's context is opened when it is first asked for.
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { listAdapters } from "./adapter-folder.ts";
import { createChatEncoder, type ChatEncoder } from "./chat-prompt.ts";
import { ContextSlots } from "./context-slots.ts";
import { openGrammar } from "./grammar.ts";
import {
  loadJinjaLibrary,
  loadLlamaLibrary,
  type ContextOptions,
  type LlamaContext,
  type LlamaModel,
  type LlamaSequence,
} from "./llama-library.ts";
import { LlamaTextModel } from "./llama-model.ts";
import { BLOCK_TOKENS } from "./prompt-blocks.ts";
import { RequestProblem } from "./request-problem.ts";
import type { ModelCatalogue } from "./text-model.ts";

/** SmolLM2's own; a larger model gets no more, since a context is paid for in memory. */
const MOST_CONTEXT_TOKENS = 8192;

export interface CatalogueOptions {
  readonly name: string;
  readonly modelFile: string;
  readonly adaptersFolder: string;
  /** how many requests are worked on at once; they share the cores */
  readonly parallel: number;
}

export async function openCatalogue(options: CatalogueOptions): Promise<ModelCatalogue> {
  const library = await loadLlamaLibrary();
  // Apple's ARM package has only a Metal build; without layers on the GPU it works on the CPU like the others.
  const metal = process.platform === "darwin" && process.arch === "arm64";
  const llama = await library.getLlama({
    gpu: metal ? "metal" : false,
    build: "never",
    skipDownload: true,
    logLevel: "error",
    maxThreads: 0,
  });
  const model = await llama.loadModel({ modelPath: options.modelFile, gpuLayers: 0 });
  const contextTokens = Math.min(MOST_CONTEXT_TOKENS, model.trainContextSize);
  // One thread a core, never more: threads that wait for each other spin, and two spinning threads on one busy core gave 3 tokens a
  // second where one thread gave 59 (docs/decisions/local-model.md).
  const threads = Math.max(1, Math.floor(llama.cpuMathCores / options.parallel));
  const slots = new ContextSlots<LlamaSequence>(async (adapter, sizeTokens) => {
    const size = { contextSize: sizeTokens, sequences: 1, batchSize: BLOCK_TOKENS, threads };
    const context = await (adapter === null ? model.createContext(size) : openWithAdapter(model, size, adapter));
    const dispose = async (): Promise<void> => {
      await context.dispose();
    };
    return { sequence: context.getSequence(), dispose };
  }, contextTokens);
  const encodeChat = await createEncoder(model);
  const createdSeconds = Math.floor((await stat(options.modelFile)).mtimeMs / 1000);
  const modelOf = (name: string, adapter: string | null): LlamaTextModel =>
    new LlamaTextModel({
      name,
      adapter,
      contextTokens,
      model,
      slots,
      encodeChat,
      openGrammar: async (shape) => await openGrammar(library, llama, model, shape),
    });
  return {
    list: async () => [{ name: options.name, createdSeconds }, ...(await listAdapters(options.adaptersFolder))],
    find: async (name) => {
      if (name === options.name) return modelOf(name, null);
      const adapter = (await listAdapters(options.adaptersFolder)).find((other) => other.name === name);
      return adapter === undefined ? undefined : modelOf(name, adapter.file);
    },
  };
}

async function openWithAdapter(model: LlamaModel, size: ContextOptions, adapter: string): Promise<LlamaContext> {
  try {
    return await model.createContext({ ...size, lora: adapter });
  } catch (cause) {
    console.error("local model:", cause);
    const name = basename(adapter, ".gguf");
    throw new RequestProblem(500, `The adapter "${name}" does not load on this model.`, "adapter_unusable", "model");
  }
}

/** The model's own chat template; throws where the file carries none. */
export async function createEncoder(model: LlamaModel): Promise<ChatEncoder> {
  const source = model.fileInfo.metadata.tokenizer?.chat_template;
  if (typeof source !== "string") throw new Error("This GGUF carries no chat template, so it can't be asked in chats.");
  const { Template } = await loadJinjaLibrary();
  const template = new Template(source);
  const { bosString, eosString } = model.tokens;
  const values = { add_generation_prompt: true, bos_token: bosString ?? "", eos_token: eosString ?? "" };
  return createChatEncoder(
    {
      render: (messages) => template.render({ ...values, messages }),
      tokenize: (text, specialTokens) => model.tokenize(text, specialTokens),
    },
    controlTextsOf(model),
  );
}

function* controlTextsOf(model: LlamaModel): Generator<string> {
  for (const token of model.iterateAllTokens()) {
    if (model.isSpecialToken(token)) yield model.detokenize([token], true, []);
  }
}
