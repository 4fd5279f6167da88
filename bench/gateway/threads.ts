// The two threads beside the benchmark's own: the mock model and the load generator.
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { loadResultSchema, type LoadOrder, type LoadResult } from "./load-protocol.ts";

async function nextMessage(thread: Worker): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    thread.once("error", reject);
    thread.once("message", (message) => {
      thread.off("error", reject);
      resolve(message);
    });
  });
}

export interface ModelThread {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startModel(): Promise<ModelThread> {
  return await startServer(new URL("model-server.ts", import.meta.url));
}

/** A thread that tells its port once it listens. */
export async function startServer(file: URL): Promise<ModelThread> {
  const thread = new Worker(file);
  const port = z.int().parse(await nextMessage(thread));
  return {
    port,
    stop: async () => {
      await thread.terminate();
    },
  };
}

export class LoadThread {
  readonly #thread = new Worker(new URL("load-generator.ts", import.meta.url));
  #lastId = 0;

  /** One order at a time. */
  async run(order: Omit<LoadOrder, "id">): Promise<LoadResult> {
    this.#lastId += 1;
    const reply = nextMessage(this.#thread);
    this.#thread.postMessage({ ...order, id: this.#lastId });
    return loadResultSchema.parse(await reply);
  }

  async stop(): Promise<void> {
    await this.#thread.terminate();
  }
}
