// Proves how the library is used: contexts given back, seeds in range, tokens scored one by one. The library itself is faked.
import { describe, expect, it } from "vitest";
import { ContextSlots } from "../../../local/model/context-slots.ts";
import type { ControlledItem, EvaluateOptions, LlamaModel, LlamaSequence } from "../../../local/model/llama-library.ts";
import { LlamaTextModel } from "../../../local/model/llama-model.ts";
import type { Sampling } from "../../../local/model/text-model.ts";

class FakeSequence implements LlamaSequence {
  nextTokenIndex = 0;
  readonly evaluated: { tokens: number[]; options: EvaluateOptions }[] = [];
  readonly scored: ControlledItem[][] = [];

  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void> {
    this.nextTokenIndex = ranges[0]?.start ?? 0;
    return Promise.resolve();
  }

  evaluateWithoutGeneratingNewTokens(tokens: number[]): Promise<void> {
    this.nextTokenIndex += tokens.length;
    return Promise.resolve();
  }

  async *evaluate(tokens: number[], options: EvaluateOptions): AsyncGenerator<number, void> {
    this.evaluated.push({ tokens, options });
    for (let token = 0; ; token += 1) yield await Promise.resolve(token);
  }

  controlledEvaluate(input: ControlledItem[]): Promise<{ next: { probabilities: ReadonlyMap<number, number> } }[]> {
    this.scored.push(input);
    const probabilities = new Map([
      [5, 0.5],
      [6, 0.25],
    ]);
    return Promise.resolve(input.map(() => ({ next: { probabilities } })));
  }
}

const tokenizer: LlamaModel = {
  trainContextSize: 100,
  tokens: { bos: null, bosString: null, eosString: null },
  fileInfo: { metadata: {} },
  tokenize: (text) => Array.from(text, (character) => character.charCodeAt(0)),
  detokenize: (tokens) => String.fromCharCode(...tokens),
  iterateAllTokens: () => [],
  isSpecialToken: () => false,
  createContext: () => Promise.reject(new Error("not here")),
};

const sampling: Sampling = { temperature: 0.5, topP: 0.9, seed: 3, maximumTokens: 4, shape: { type: "text" } };
const stay = new AbortController().signal;

function open(): { model: LlamaTextModel; sequences: FakeSequence[] } {
  const sequences: FakeSequence[] = [];
  const slots = new ContextSlots<LlamaSequence>(() => {
    const sequence = new FakeSequence();
    sequences.push(sequence);
    return Promise.resolve({ sequence, dispose: () => Promise.resolve() });
  }, 8192);
  const model = new LlamaTextModel({
    name: "m",
    adapter: null,
    contextTokens: 8192,
    model: tokenizer,
    slots,
    encodeChat: () => [1],
    openGrammar: (shape) => Promise.resolve(shape.type === "text" ? undefined : { grammar: true }),
  });
  return { model, sequences };
}

async function tokensOf(tokens: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const token of tokens) all.push(token);
  return all;
}

describe("LlamaTextModel.generate", () => {
  it("ends at the limit and gives the context back", async () => {
    const { model, sequences } = open();
    expect(await tokensOf(model.generate([1, 2], sampling, stay))).toEqual([0, 1, 2, 3]);
    await tokensOf(model.generate([1, 2], sampling, stay));
    expect(sequences).toHaveLength(1);
  });

  it("samples from the whole vocabulary, as OpenAI's defaults do", async () => {
    const { model, sequences } = open();
    await tokensOf(model.generate([1, 2], sampling, stay));
    const options = { temperature: 0.5, topP: 0.9, topK: 0, minP: 0, seed: 3 };
    expect(sequences[0]?.evaluated[0]).toEqual({ tokens: [1, 2], options });
  });

  it("keeps any seed within what the library takes, and never the one that means random", async () => {
    const { model, sequences } = open();
    for (const seed of [0xffffffff, -1, 2 ** 53 - 1]) await tokensOf(model.generate([1], { ...sampling, seed }, stay));
    for (const { options } of sequences[0]?.evaluated ?? []) {
      expect(options.seed).toBeGreaterThanOrEqual(0);
      expect(options.seed).toBeLessThan(0xffffffff);
    }
  });

  it("passes a grammar on for JSON", async () => {
    const { model, sequences } = open();
    await tokensOf(model.generate([1], { ...sampling, shape: { type: "json" } }, stay));
    expect(sequences[0]?.evaluated[0]?.options.grammarEvaluationState).toEqual({ grammar: true });
  });

  it("gives the context back when the reader or the client leaves early", async () => {
    const { model, sequences } = open();
    for await (const token of model.generate([1], sampling, stay)) if (token === 1) break;
    const left = new AbortController();
    for await (const token of model.generate([1], sampling, left.signal)) if (token === 0) left.abort();
    await expect(tokensOf(model.generate(Array(100).fill(1), sampling, AbortSignal.abort()))).rejects.toThrow();
    await tokensOf(model.generate([1], sampling, stay));
    expect(sequences).toHaveLength(1);
  });
});

describe("LlamaTextModel.score", () => {
  it("reads the prompt and then one token at a time, never the last", async () => {
    const { model, sequences } = open();
    const scores = await model.score([1, 2], [5, 6, 7], 1, stay);
    const asked = { generateNext: { probabilities: true, options: { temperature: 0 } } };
    expect(sequences[0]?.scored).toEqual([[1, [2, asked]], [[5, asked]], [[6, asked]]]);
    expect(scores.map(({ logProbability }) => logProbability)).toEqual([
      Math.log(0.5),
      Math.log(0.25),
      Math.log(2 ** -149),
    ]);
    expect(scores[0]?.alternatives).toEqual([{ token: 5, logProbability: Math.log(0.5) }]);
  });
});
