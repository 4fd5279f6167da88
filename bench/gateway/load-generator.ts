// The load generator, in a thread of its own: keeps `concurrency` exchanges going until enough are done.
// Law: an exchange that is no 200, or does not end as it should, is an error and is never counted as done.
import { setTimeout } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { Connection, type Exchange } from "./connection.ts";
import { EXCHANGE_NUMBER } from "./scenarios.ts";
import { loadOrderSchema, type LoadOrder, type LoadResult } from "./load-protocol.ts";

let lastExchange = 0;

/** The request with the number of this exchange in it. */
function numbered(request: string): Buffer {
  lastExchange += 1;
  const bytes = Buffer.from(request);
  bytes.write(String(lastExchange).padStart(EXCHANGE_NUMBER.length, "0"), bytes.lastIndexOf(EXCHANGE_NUMBER));
  return bytes;
}

const connections = new Map<string, Connection>();

function connectionTo(port: number, place: number): Connection {
  const key = `${port} ${place}`;
  const known = connections.get(key) ?? new Connection(port);
  connections.set(key, known);
  return known;
}

function faultOf({ status, tail }: Exchange, stream: boolean): string | null {
  if (status !== 200) return `status ${status}`;
  if (stream && !tail.includes("[DONE]")) return "a stream without [DONE]";
  return stream || tail.includes("}") ? null : "a body that is no JSON";
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const done: Exchange[] = [];
  let errors = 0;
  let firstError: string | null = null;
  let begun = 0;
  const start = performance.now();
  const lane = async (place: number): Promise<void> => {
    const connection = connectionTo(order.port, place);
    if (order.staggerMilliseconds > 0) await setTimeout(place * order.staggerMilliseconds);
    while (begun < order.exchanges && performance.now() - start < (order.mostMilliseconds ?? Infinity)) {
      begun += 1;
      let fault: string | null;
      try {
        const exchange = await connection.exchange(numbered(order.request), order.careful);
        fault = faultOf(exchange, order.stream);
        if (fault === null) done.push(exchange);
      } catch (caught) {
        fault = String(caught);
      }
      if (fault === null) continue;
      errors += 1;
      firstError ??= fault;
    }
  };
  await Promise.all(
    Array.from({ length: order.concurrency }, async (_, place) => {
      await lane(place);
    }),
  );
  return {
    id: order.id,
    exchanges: done.length,
    errors,
    firstError,
    elapsedMilliseconds: performance.now() - start,
    firstTextMilliseconds: done.flatMap(({ firstTextMilliseconds: first }) => (first === null ? [] : [first])),
    endMilliseconds: done.map(({ endMilliseconds }) => endMilliseconds),
    arrivals: order.careful ? done.map(({ arrivals }) => [...arrivals]) : [],
    finishReasons: order.careful ? done.map(({ finishReason }) => finishReason) : [],
  };
}

parentPort?.on("message", (message: unknown) => {
  void run(loadOrderSchema.parse(message)).then((result) => parentPort?.postMessage(result));
});
