// Proves that work is bounded, in order, and that nobody who left keeps a place.
import { describe, expect, it } from "vitest";
import { RequestQueue } from "../../../local/model/request-queue.ts";

const stay = new AbortController().signal;

describe("RequestQueue", () => {
  it("runs at most so many at once, and all in the end, in order", async () => {
    const queue = new RequestQueue(2, 100);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        await queue.run(stay, async () => {
          order.push(index);
          most = Math.max(most, (running += 1));
          await new Promise(setImmediate);
          running -= 1;
        });
      }),
    );
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("says at once that it is full", async () => {
    const queue = new RequestQueue(1, 1);
    let finish: () => void = () => undefined;
    const running = queue.run(stay, async () => {
      await new Promise<void>((resolve) => (finish = resolve));
    });
    const waiting = queue.run(stay, () => Promise.resolve("waited"));
    await expect(queue.run(stay, () => Promise.resolve())).rejects.toMatchObject({ status: 503, code: "overloaded" });
    finish();
    await running;
    expect(await waiting).toBe("waited");
  });

  it("frees the place of a task that failed and of one who left while waiting", async () => {
    const queue = new RequestQueue(1, 1);
    await expect(queue.run(stay, () => Promise.reject(new Error("broke")))).rejects.toThrow("broke");
    let finish: () => void = () => undefined;
    const running = queue.run(stay, async () => {
      await new Promise<void>((resolve) => (finish = resolve));
    });
    const leaving = new AbortController();
    const left = queue.run(leaving.signal, () => Promise.resolve("never"));
    leaving.abort();
    await expect(left).rejects.toThrow();
    const next = queue.run(stay, () => Promise.resolve("next"));
    finish();
    await running;
    expect(await next).toBe("next");
  });
});
