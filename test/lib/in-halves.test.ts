// Halving: what spoils the work ends alone, everything else is done, in few attempts, and nothing is begun after the deadline.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inHalves } from "../../src/lib/in-halves.ts";

const TIME = { clock: () => 0, milliseconds: 10 };

describe("inHalves", () => {
  it("does all that is not refused, whatever is", async () => {
    const items = fc.uniqueArray(fc.nat(200), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(items, fc.func(fc.boolean()), async (all, refuses) => {
        const kept: number[] = [];
        const work = async (part: readonly number[]): Promise<void> => {
          await Promise.resolve();
          if (part.some((item) => refuses(item))) throw new Error("refused");
          kept.push(...part);
        };
        const { done, failed, untried } = await inHalves(all, work, TIME);
        expect(done).toEqual(all.filter((item) => !refuses(item)));
        expect(kept).toEqual(done);
        expect(failed).toEqual(all.filter((item) => refuses(item)).map((item) => ({ item, reason: "Error: refused" })));
        expect(untried).toEqual([]);
      }),
    );
  });

  it.each([
    [1, 15],
    [2, 29],
  ])("finds %d of a hundred within %d attempts", async (bad, most) => {
    let attempts = 0;
    const work = async (part: readonly number[]): Promise<void> => {
      await Promise.resolve();
      attempts += 1;
      if (part.some((item) => item < bad * 50 && item % 50 === 17)) throw new Error("refused");
    };
    const items = Array.from({ length: 100 }, (_, item) => item);
    expect((await inHalves(items, work, TIME)).failed).toHaveLength(bad);
    expect(attempts).toBeLessThanOrEqual(most);
  });

  it("begins nothing after the deadline", async () => {
    let now = 0;
    const work = async (): Promise<void> => {
      now += 6;
      await Promise.reject(new Error("slow"));
    };
    const { done, failed, untried } = await inHalves([1, 2, 3, 4], work, { clock: () => now, milliseconds: 10 });
    expect([done, failed, untried]).toEqual([[], [], [1, 2, 3, 4]]);
    expect(now).toBe(12);
  });
});
