// Proves that contexts are reused, bounded and never shared.
import { describe, expect, it } from "vitest";
import { ContextSlots } from "../../../local/model/context-slots.ts";

function open(mostTokens = 8192): { slots: ContextSlots<number>; made: string[]; disposed: number[] } {
  const made: string[] = [];
  const disposed: number[] = [];
  const slots = new ContextSlots<number>((adapter, sizeTokens) => {
    const sequence = made.push(`${adapter ?? "base"} ${sizeTokens}`) - 1;
    const dispose = (): Promise<void> => {
      disposed.push(sequence);
      return Promise.resolve();
    };
    return Promise.resolve({ sequence, dispose });
  }, mostTokens);
  return { slots, made, disposed };
}

describe("ContextSlots", () => {
  it("opens a context of the next size that fits, and at most of the model's", async () => {
    const { slots, made } = open();
    for (const needed of [10, 1025, 8192]) await slots.take(null, [], needed);
    expect(made).toEqual(["base 1024", "base 2048", "base 8192"]);
  });

  it("hands the same context out again, but never to two at once", async () => {
    const { slots, made } = open();
    const first = await slots.take(null, [], 10);
    const second = await slots.take(null, [], 10);
    expect(second.sequence).not.toBe(first.sequence);
    slots.giveBack(first);
    expect((await slots.take(null, [], 10)).sequence).toBe(first.sequence);
    expect(made).toHaveLength(2);
  });

  it("prefers the context that has read most of the prompt", async () => {
    const { slots } = open();
    const prompt = Array<number>(200).fill(3);
    const first = await slots.take(null, [], 300);
    const second = await slots.take(null, [], 300);
    second.read = prompt.slice(0, 128);
    slots.giveBack(first);
    slots.giveBack(second);
    expect((await slots.take(null, prompt, 300)).sequence).toBe(second.sequence);
  });

  it("keeps adapters apart", async () => {
    const { slots, made } = open();
    slots.giveBack(await slots.take(null, [], 10));
    await slots.take("a.gguf", [], 10);
    expect(made).toEqual(["base 1024", "a.gguf 1024"]);
  });

  it("replaces a context that a conversation has outgrown", async () => {
    const { slots, made, disposed } = open();
    slots.giveBack(await slots.take(null, [], 10));
    await slots.take(null, [], 2000);
    expect(made).toEqual(["base 1024", "base 2048"]);
    expect(disposed).toEqual([0]);
  });

  it("lets the longest unused go when there are four", async () => {
    const { slots, disposed } = open();
    for (const adapter of ["a", "b", "c", "d"]) slots.giveBack(await slots.take(adapter, [], 10));
    slots.giveBack(await slots.take("a", [], 10));
    await slots.take("e", [], 10);
    expect(disposed).toEqual([1]);
  });

  it("goes on after a context could not be opened", async () => {
    let fails = true;
    const slots = new ContextSlots<number>(() => {
      if (fails) return Promise.reject(new Error("no memory"));
      return Promise.resolve({ sequence: 1, dispose: () => Promise.resolve() });
    }, 8192);
    for (let attempt = 0; attempt < 6; attempt += 1)
      await expect(slots.take(null, [], 10)).rejects.toThrow("no memory");
    fails = false;
    expect((await slots.take(null, [], 10)).sequence).toBe(1);
  });
});
