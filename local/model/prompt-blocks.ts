// Reads a prompt into a sequence in blocks of one fixed size, and reuses the blocks that are there from the request before.
// Law: a reused block was computed in exactly the shape in which it would be computed now. The sums of a matrix product depend on
// the shape of the batch, so reuse at any other boundary could turn one seed into two different answers.

/** Small enough that a shared system prompt is reused, large enough that reading stays as fast as in one piece (both measured). */
export const BLOCK_TOKENS = 64;

/** What a sequence must be able to do; node-llama-cpp's LlamaContextSequence is one. */
export interface PromptSequence {
  readonly nextTokenIndex: number;
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: number[]): Promise<void>;
}

/** How many tokens of `read` serve for `prompt` too: whole blocks only, and never the last token, whose output we need. */
export function reusableTokens(read: readonly number[], prompt: readonly number[]): number {
  const most = Math.min(read.length, prompt.length - 1);
  let same = 0;
  while (same < most && read[same] === prompt[same]) same += 1;
  return same - (same % BLOCK_TOKENS);
}

/** Reads all whole blocks of `prompt`; returns what stands in whole blocks now and the tail that is still to be evaluated. */
export async function readPrompt(
  sequence: PromptSequence,
  read: readonly number[],
  prompt: readonly number[],
  signal: AbortSignal,
): Promise<{ read: readonly number[]; tail: number[] }> {
  const kept = reusableTokens(read, prompt);
  if (sequence.nextTokenIndex > kept) {
    await sequence.eraseContextTokenRanges([{ start: kept, end: sequence.nextTokenIndex }]);
  }
  let index = kept;
  while (index + BLOCK_TOKENS < prompt.length) {
    signal.throwIfAborted();
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(index, index + BLOCK_TOKENS));
    index += BLOCK_TOKENS;
  }
  return { read: prompt.slice(0, index), tail: prompt.slice(index) };
}
