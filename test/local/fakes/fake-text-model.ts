// A model whose answer is given: each character is a token. Law: it behaves as the port promises, and tells what it was asked.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ChatMessage, ModelCatalogue, Sampling, TextModel, TokenScore } from "../../../local/model/text-model.ts";

export interface FakeAnswer {
  readonly text: string;
  /** throws after this many tokens */
  readonly failsAfter?: number;
}

export class FakeTextModel implements TextModel {
  readonly name = "fake";
  readonly contextTokens: number;
  readonly asked: { messages: readonly ChatMessage[]; sampling: Sampling }[] = [];
  written = 0;
  running = 0;
  mostRunning = 0;
  readonly #answerTo: (seed: number) => FakeAnswer;
  #messages: readonly ChatMessage[] = [];

  constructor(answerTo: (seed: number) => FakeAnswer, contextTokens = 1000) {
    this.#answerTo = answerTo;
    this.contextTokens = contextTokens;
  }

  encodeChat(messages: readonly ChatMessage[]): readonly number[] {
    this.#messages = messages;
    return this.encodeText(messages.map(({ role, content }) => `${role}:${content}\n`).join(""));
  }

  encodeText(text: string): readonly number[] {
    return Array.from(text, (character) => character.codePointAt(0) ?? 0);
  }

  decode(tokens: readonly number[]): string {
    return String.fromCodePoint(...tokens);
  }

  async *generate(_prompt: readonly number[], sampling: Sampling, signal: AbortSignal): AsyncGenerator<number, void> {
    this.asked.push({ messages: this.#messages, sampling });
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    const { text, failsAfter } = this.#answerTo(sampling.seed);
    try {
      for (const [index, token] of this.encodeText(text).entries()) {
        if (index >= sampling.maximumTokens || signal.aborted) return;
        if (index === failsAfter) throw new Error("the library broke");
        await nextTurn();
        this.written += 1;
        yield token;
      }
    } finally {
      this.running -= 1;
    }
  }

  score(
    _prompt: readonly number[],
    continuation: readonly number[],
    alternatives: number,
  ): Promise<readonly TokenScore[]> {
    return Promise.resolve(
      continuation.map((token, index) => ({
        token,
        logProbability: -(index + 1),
        alternatives: Array.from({ length: alternatives }, (_, place) => ({
          token: 97 + place,
          logProbability: -1 - place,
        })),
      })),
    );
  }
}

export function catalogueOf(model: TextModel): ModelCatalogue {
  return {
    list: () => Promise.resolve([{ name: model.name, createdSeconds: 1 }]),
    find: (name) => Promise.resolve(name === model.name ? model : undefined),
  };
}
