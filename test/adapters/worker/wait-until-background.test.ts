// Background work on Workers: it runs, later if asked, and its failure is a line in the log.
import { expect, it, vi } from "vitest";
import { waitUntilBackground } from "../../../src/adapters/worker/wait-until-background.ts";
import { KeptLogger } from "../../fakes/kept-logger.ts";

it("runs what it is given, after the delay", async () => {
  const background = waitUntilBackground(new KeptLogger());
  const ran: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    await Promise.resolve();
    ran.push(name);
  };
  background(work("later"), 50);
  background(work("at once"));
  expect(ran).toEqual([]);
  await vi.waitFor(() => {
    expect(ran).toEqual(["at once", "later"]);
  });
});

it("logs what fails, and throws nothing", async () => {
  const logger = new KeptLogger();
  waitUntilBackground(logger)(async () => {
    await Promise.reject(new Error("the queue is away"));
  });
  await vi.waitFor(() => {
    expect(logger.of("background_failed")).toMatchObject([{ fields: { reason: "Error: the queue is away" } }]);
  });
});
