// A GGUF model, with or without an adapter, behind the TextModel port, through node-llama-cpp.
// Law: the same prompt, sampling and seed give the same tokens whatever ran before or runs beside it. So each request has a context
// to itself, and prompts are read in fixed blocks.
import type { ChatEncoder } from "./chat-prompt.ts";
import type { ContextSlots, Slot } from "./context-slots.ts";
import type { ControlledItem, LlamaModel, LlamaSequence } from "./llama-library.ts";
import { readPrompt } from "./prompt-blocks.ts";
import type { AnswerShape, ChatMessage, Sampling, TextModel, TokenScore } from "./text-model.ts";
import { scoreOf } from "./token-score.ts";

/** llama.cpp reads 0xFFFFFFFF as "choose a seed yourself". */
const SEED_LIMIT = 0xffffffff;
const PROBABILITIES = { generateNext: { probabilities: true, options: { temperature: 0 } } } as const;

export interface LlamaModelParts {
  readonly name: string;
  readonly adapter: string | null;
  readonly contextTokens: number;
  readonly model: LlamaModel;
  readonly slots: ContextSlots<LlamaSequence>;
  readonly encodeChat: ChatEncoder;
  /** a fresh state for each answer, or undefined where any text will do */
  readonly openGrammar: (shape: AnswerShape) => Promise<object | undefined>;
}

export class LlamaTextModel implements TextModel {
  readonly name: string;
  readonly contextTokens: number;
  readonly #parts: LlamaModelParts;

  constructor(parts: LlamaModelParts) {
    this.name = parts.name;
    this.contextTokens = parts.contextTokens;
    this.#parts = parts;
  }

  encodeChat(messages: readonly ChatMessage[]): readonly number[] {
    return this.#parts.encodeChat(messages);
  }

  encodeText(text: string): readonly number[] {
    return this.#parts.model.tokenize(text, false);
  }

  decode(tokens: readonly number[], before: readonly number[]): string {
    return this.#parts.model.detokenize(tokens, false, before);
  }

  async *generate(prompt: readonly number[], sampling: Sampling, signal: AbortSignal): AsyncGenerator<number, void> {
    const { slots, adapter, openGrammar } = this.#parts;
    const grammar = await openGrammar(sampling.shape);
    const slot = await slots.take(adapter, prompt, prompt.length + sampling.maximumTokens);
    try {
      const tail = await readTail(slot, prompt, signal);
      const answer = slot.sequence.evaluate(tail, {
        temperature: sampling.temperature,
        topP: sampling.topP,
        topK: 0,
        minP: 0,
        seed: ((sampling.seed % SEED_LIMIT) + SEED_LIMIT) % SEED_LIMIT,
        ...(grammar === undefined ? {} : { grammarEvaluationState: grammar }),
      });
      let written = 0;
      for await (const token of answer) {
        yield token;
        written += 1;
        if (written >= sampling.maximumTokens || signal.aborted) return;
      }
    } finally {
      slots.giveBack(slot);
    }
  }

  async score(
    prompt: readonly number[],
    continuation: readonly number[],
    alternatives: number,
    signal: AbortSignal,
  ): Promise<readonly TokenScore[]> {
    const { slots, adapter } = this.#parts;
    const scores: TokenScore[] = [];
    const slot = await slots.take(adapter, prompt, prompt.length + continuation.length);
    try {
      let unread = await readTail(slot, prompt, signal);
      for (const token of continuation) {
        signal.throwIfAborted();
        // One token at a time, as in writing: read together, the same tokens get probabilities that differ in the second digit.
        const items = unread.map<ControlledItem>((earlier, place) =>
          place < unread.length - 1 ? earlier : [earlier, PROBABILITIES],
        );
        const outputs = await slot.sequence.controlledEvaluate(items);
        scores.push(scoreOf(outputs.at(-1), token, alternatives));
        unread = [token];
      }
      return scores;
    } finally {
      slots.giveBack(slot);
    }
  }
}

async function readTail(slot: Slot<LlamaSequence>, prompt: readonly number[], signal: AbortSignal): Promise<number[]> {
  const { read } = slot;
  // Should reading fail half-way, nothing may be taken for read.
  slot.read = [];
  const result = await readPrompt(slot.sequence, read, prompt, signal);
  slot.read = result.read;
  return result.tail;
}
