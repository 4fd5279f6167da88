// `node local/model-server.ts`: the embedded model as an OpenAI-compatible server on the loopback interface.
// Law: it listens on 127.0.0.1 only, and ends with whoever started it.
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createModelServer } from "./model/http-server.ts";
import { openCatalogue } from "./model/llama-catalogue.ts";
import { sentenceOf } from "./start-problem.ts";

const MOST_PARALLEL = 2;
const FOLDER = import.meta.dirname;

const { values } = parseArgs({
  options: {
    model: { type: "string", default: resolve(FOLDER, "weights", "SmolLM2-135M-Instruct.Q4_1.gguf") },
    name: { type: "string" },
    adapters: { type: "string", default: resolve(FOLDER, "adapters") },
    port: { type: "string", default: "0" },
  },
});

async function serve(): Promise<void> {
  const modelFile = resolve(values.model);
  const parallel = Math.min(MOST_PARALLEL, availableParallelism());
  const catalogue = await openCatalogue({
    name: values.name ?? basename(modelFile, ".gguf"),
    modelFile,
    adaptersFolder: resolve(values.adapters),
    parallel,
  });
  const logError = (cause: unknown): void => {
    console.error("local model:", cause);
  };
  const server = createModelServer(catalogue, { parallel, logError });
  server.listen(Number(values.port), "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") return;
  console.log(`local model: http://127.0.0.1:${address.port}/v1`);
  process.send?.({ port: address.port });
}

// The parent is gone: without this, killing it hard would leave the model in memory.
process.on("disconnect", () => {
  process.exit(0);
});

await serve().catch((cause: unknown) => {
  console.error(`local model: ${sentenceOf(cause)}`);
  process.exit(1);
});
