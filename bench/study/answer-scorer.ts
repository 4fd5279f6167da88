// How likely a model finds a given answer: the mean log-probability of its first tokens, read in one batch.
// Law: no sampling, so no chance; each answer is read behind its own prompt in a context of its own size, in the same shape every time.
import { createEncoder } from "../../local/model/llama-catalogue.ts";
import { type ControlledItem, loadLlamaLibrary } from "../../local/model/llama-library.ts";
import { scoreOf } from "../../local/model/token-score.ts";
import { contentText } from "../../src/wire/content-text.ts";
import type { ChatMessage } from "../../src/wire/chat-completion.ts";

const CONTEXT_TOKENS = 2048;
const BATCH_TOKENS = 512;
const PROBABILITIES = { generateNext: { probabilities: true, options: { temperature: 0 } } } as const;

export interface AnswerScorer {
  /** Natural logarithms a token, for each answer; null where the prompt leaves no room for one. */
  score(messages: readonly ChatMessage[], answers: readonly string[]): Promise<readonly number[] | null>;
  close(): Promise<void>;
}

/** @param mostTokens of each answer: a longer one counts by its beginning, where a model decides how it answers */
export async function openScorer(modelFile: string, mostTokens: number): Promise<AnswerScorer> {
  const library = await loadLlamaLibrary();
  const llama = await library.getLlama({
    gpu: false,
    build: "never",
    skipDownload: true,
    logLevel: "error",
    maxThreads: 0,
  });
  const model = await llama.loadModel({ modelPath: modelFile, gpuLayers: 0 });
  const encode = await createEncoder(model);
  const context = await model.createContext({
    contextSize: CONTEXT_TOKENS,
    sequences: 1,
    batchSize: BATCH_TOKENS,
    // One thread: on busy cores two wait for each other (docs/decisions/local-model.md).
    threads: 1,
  });
  const sequence = context.getSequence();
  const forget = async (start: number): Promise<void> => {
    if (sequence.nextTokenIndex > start) {
      await sequence.eraseContextTokenRanges([{ start, end: sequence.nextTokenIndex }]);
    }
  };
  return {
    score: async (messages, answers) => {
      const prompt = encode(messages.map(({ role, content }) => ({ role, content: contentText(content) })));
      const last = prompt.at(-1);
      if (last === undefined || prompt.length + mostTokens > CONTEXT_TOKENS) return null;
      await forget(0);
      await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
      const means: number[] = [];
      for (const answer of answers) {
        const tokens = model.tokenize(answer, false).slice(0, mostTokens);
        if (tokens.length === 0) return null;
        await forget(prompt.length - 1);
        const items = [last, ...tokens.slice(0, -1)].map<ControlledItem>((token) => [token, PROBABILITIES]);
        const outputs = await sequence.controlledEvaluate(items);
        const sum = tokens.reduce((total, token, place) => total + scoreOf(outputs[place], token, 0).logProbability, 0);
        means.push(sum / tokens.length);
      }
      return means;
    },
    close: async () => {
      await context.dispose();
      await llama.dispose();
    },
  };
}
