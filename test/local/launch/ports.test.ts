// Proves that a taken port is said in a sentence.
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { assertPortFree } from "../../../local/launch/ports.ts";
import { listening } from "../fakes/listening.ts";

describe("assertPortFree", () => {
  it("names the port that is taken and how to choose another", async () => {
    const port = Number(new URL(await listening(createServer())).port);
    await expect(assertPortFree(port)).rejects.toThrow(
      `Port ${port} is taken on 127.0.0.1: free it, or choose another with SETBACK_PORT.`,
    );
  });

  it("leaves a free port free", async () => {
    const server = createServer();
    const port = Number(new URL(await listening(server)).port);
    await new Promise((resolve) => server.close(resolve));
    await assertPortFree(port);
    await assertPortFree(port);
  });
});
