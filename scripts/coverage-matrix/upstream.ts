// The scripted model's server beneath the real HTTP adapter. Law: the first call gets the cell's answer, each further one a repair.
import { answersOf, cleanAnswer, completionOf, eventsOf, flaggedAnswer } from "./answers.ts";
import type { Cell } from "./cell.ts";
import { REPAIRED } from "./texts.ts";

export const UPSTREAM_URL = "http://upstream.test/v1";

export interface MatrixUpstream {
  readonly fetch: typeof fetch;
  readonly calls: () => number;
  /** whether a stream was stopped before its end */
  readonly isStopped: () => boolean;
}

/** Between two tokens, where a judge is to be asked while the answer still comes. */
const PAUSE_MILLISECONDS = 1;

async function pause(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
}

export function matrixUpstream(cell: Cell): MatrixUpstream {
  let calls = 0;
  let isStopped = false;
  const isPaced = cell.health.startsWith("judge");
  const streamOf = (events: readonly string[]): ReadableStream<Uint8Array> => {
    const encoder = new TextEncoder();
    let next = 0;
    let isCancelled = false;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const event = events[next];
          next += 1;
          if (event === undefined) controller.close();
          else {
            if (isPaced) await pause();
            if (!isCancelled) controller.enqueue(encoder.encode(event));
          }
        },
        cancel: () => {
          isCancelled = true;
          isStopped = true;
        },
      },
      { highWaterMark: 0 },
    );
  };
  const answers = (): ReturnType<typeof answersOf> => {
    if (calls === 1) return answersOf(cell);
    return [cell.repair === "clean" ? cleanAnswer(REPAIRED) : flaggedAnswer(cell.carrier)];
  };
  return {
    calls: () => calls,
    isStopped: () => isStopped,
    fetch: async (input, init) => {
      calls += 1;
      const body: unknown = await new Request(input, init).json();
      const isStreamed = JSON.stringify(body).includes('"stream":true');
      if (!isStreamed || cell.pieces === "whole") return Response.json(completionOf(answers()));
      const events = [...eventsOf(answers()).map((event) => JSON.stringify(event)), "[DONE]"];
      const lines = events.map((event) => `data: ${event}\n\n`);
      const stream = streamOf(cell.pieces === "tokens" ? lines : [lines.join("")]);
      return new Response(stream, { headers: { "content-type": "text/event-stream" } });
    },
  };
}
