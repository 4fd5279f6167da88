// A promise with a time limit.
import { expect, it, vi } from "vitest";
import { DeadlineExceeded, within } from "../../src/lib/deadline.ts";

it("gives what the work gives", async () => {
  await expect(within(1_000, Promise.resolve("done"))).resolves.toBe("done");
});

it("passes the work's own failure on", async () => {
  await expect(within(1_000, Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

it("gives up on work that hangs, and says after how long", async () => {
  const hanging = within(5, new Promise<never>(() => undefined));
  await expect(hanging).rejects.toThrow(new DeadlineExceeded(5));
  await expect(hanging).rejects.toThrow("no answer within 5 ms");
});

it("leaves no timer behind once the work is done", async () => {
  vi.useFakeTimers();
  try {
    await within(1_000, Promise.resolve("done"));
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it("handles a failure that comes after the deadline", async () => {
  let fail: (reason: Error) => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    fail = reject;
  });
  await expect(within(1, late)).rejects.toThrow(DeadlineExceeded);
  // Were it unhandled, vitest would report an unhandled rejection and fail the run.
  fail(new Error("too late"));
  await Promise.resolve();
});
