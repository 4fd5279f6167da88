// Proves that a prompt is always read in the same shape, whatever stands there already.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLOCK_TOKENS, readPrompt, reusableTokens, type PromptSequence } from "../../../local/model/prompt-blocks.ts";

class FakeSequence implements PromptSequence {
  tokens: number[] = [];
  readonly batches: number[] = [];

  get nextTokenIndex(): number {
    return this.tokens.length;
  }

  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void> {
    for (const { start, end } of ranges) this.tokens.splice(start, end - start);
    return Promise.resolve();
  }

  evaluateWithoutGeneratingNewTokens(tokens: number[]): Promise<void> {
    this.batches.push(tokens.length);
    this.tokens.push(...tokens);
    return Promise.resolve();
  }
}

const signal = new AbortController().signal;
const prompts = fc.array(fc.constantFrom(1, 2), { minLength: 1, maxLength: 4 * BLOCK_TOKENS });
/** Shares a long beginning, which random arrays never do. */
const sharing = fc.tuple(prompts, fc.nat(), prompts).map(([first, cut, rest]) => ({
  first,
  second: [...first.slice(0, cut % (first.length + 1)), ...rest],
}));

describe("readPrompt", () => {
  it("leaves the sequence and the tail as a fresh reading does", async () => {
    await fc.assert(
      fc.asyncProperty(sharing, async ({ first, second }) => {
        const used = new FakeSequence();
        const { read } = await readPrompt(used, [], first, signal);
        used.tokens.push(...first.slice(read.length), 7, 7);
        const again = await readPrompt(used, read, second, signal);
        const fresh = new FakeSequence();
        const expected = await readPrompt(fresh, [], second, signal);
        expect(again).toEqual(expected);
        expect(used.tokens).toEqual(fresh.tokens);
        expect([...again.read, ...again.tail]).toEqual(second);
        expect(again.tail.length).toBeGreaterThan(0);
        expect(used.batches.every((size) => size === BLOCK_TOKENS)).toBe(true);
      }),
    );
  });

  it("does read again only what is new", async () => {
    const system = Array.from({ length: 3 * BLOCK_TOKENS }, (_, index) => index);
    const sequence = new FakeSequence();
    const { read } = await readPrompt(sequence, [], [...system, 1], signal);
    expect(sequence.batches).toHaveLength(3);
    await readPrompt(sequence, read, [...system, 2], signal);
    expect(sequence.batches).toHaveLength(3);
  });

  it("stops between blocks when the client leaves", async () => {
    const left = AbortSignal.abort();
    await expect(readPrompt(new FakeSequence(), [], Array(200).fill(1), left)).rejects.toThrow();
  });
});

describe("reusableTokens", () => {
  it("never counts the last token, whose output is needed", () => {
    const prompt = Array<number>(BLOCK_TOKENS).fill(1);
    expect(reusableTokens(prompt, prompt)).toBe(0);
    expect(reusableTokens(prompt, [...prompt, 1])).toBe(BLOCK_TOKENS);
  });
});
